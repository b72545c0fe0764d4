using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Training;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Training;

/// <summary>Which mode a run is done in, and what is said where it is not the recipe's.</summary>
public sealed class GrowthModeTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(GrowthMode.Distillation)]
    [InlineData(GrowthMode.HeadOnly)]
    public void A_lines_first_training_is_joint_in_both_stages_and_says_so(GrowthMode mode)
    {
        using var store = new SmallStore();
        var notes = new List<string>();
        var stages = new HashSet<string>();
        new Trainer(store.Run(SmallStore.Recipe with { Growth = mode }), 1, store.Blobs, new TrainerOptions { Scratch = store.Scratch, Threads = 1 }, progress => { if (progress.Phase.StartsWith("stage", StringComparison.Ordinal)) stages.Add(progress.Phase); }, notes.Add).Run(_cancellation, _cancellation);
        Assert.Contains(notes, note => note.Contains("joint", StringComparison.Ordinal) && note.Contains($"{mode}", StringComparison.Ordinal));
        Assert.Equal(["stage 1", "stage 2"], stages.Order());
    }

    [Theory]
    [InlineData(GrowthMode.Distillation)]
    [InlineData(GrowthMode.HeadOnly)]
    public async Task A_champion_of_another_shape_is_refused_with_both_shapes(GrowthMode mode)
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        var run = store.Run(mode, change: recipe => recipe with { Width = 8 });
        var error = Assert.Throws<DomainException>(() => store.Trainer(run, 1).Run(_cancellation, _cancellation));
        foreach (var word in new[] { "width 8", "main/1", "champion: 4", "joint" })
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_champion_of_another_network_is_refused_by_head_only_and_left_behind_by_joint_training()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        static TrainingRecipe Fine(TrainingRecipe recipe) => recipe with { Network = NetworkDesign.Fine };
        var error = Assert.Throws<DomainException>(() => store.Trainer(store.Run(GrowthMode.HeadOnly, change: Fine), 1).Run(_cancellation, _cancellation));
        Assert.Contains("network Fine (champion: Reference)", error.Message, StringComparison.Ordinal);

        var notes = new List<string>();
        store.Trainer(store.Run(GrowthMode.Joint, "joint", Fine), 1, notes: notes).Run(_cancellation, _cancellation);
        Assert.Contains(notes, note => note.Contains("network Reference", StringComparison.Ordinal) && note.Contains("random weights", StringComparison.Ordinal));
        using var trained = await store.NetworkAsync(BlobLayout.AttemptModel("joint", 1), _cancellation);
        Assert.Equal(NetworkDesign.Fine, trained.Design);
    }

    [Fact]
    public async Task Head_only_also_refuses_what_would_change_the_bits_of_old_answers_at_inference()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        TrainingRecipe Changed(TrainingRecipe recipe) => recipe with { Patch = [16, 32, 16], Overlap = 0.25 };
        var error = await Assert.ThrowsAsync<DomainException>(() => Growth.MakeAsync(store.Run(GrowthMode.HeadOnly, change: Changed), store.Blobs, CPU, _ => { }, _cancellation));
        Assert.Contains("patch 16×32×16 (champion: 16×16×16), overlap 0.25 (champion: 0.5)", error.Message, StringComparison.Ordinal);
        using var distillation = await Growth.MakeAsync(store.Run(GrowthMode.Distillation, change: Changed), store.Blobs, CPU, _ => { }, _cancellation);
        Assert.Equal(GrowthMode.Distillation, distillation.Mode);
    }

    [Fact]
    public async Task Without_a_new_task_distillation_trains_jointly_and_head_only_is_refused()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        var notes = new List<string>();
        using var growth = await Growth.MakeAsync(OldTasksOnly(GrowthMode.Distillation), store.Blobs, CPU, notes.Add, _cancellation);
        Assert.Equal((GrowthMode.Joint, null), (growth.Mode, growth.At(0)));
        Assert.Contains("main/1", Assert.Single(notes), StringComparison.Ordinal);
        var error = Assert.Throws<DomainException>(() => store.Trainer(OldTasksOnly(GrowthMode.HeadOnly), 1).Run(_cancellation, _cancellation));
        Assert.Contains("nothing to train", error.Message, StringComparison.Ordinal);

        RunSpecification OldTasksOnly(GrowthMode mode)
        {
            var run = store.Run(mode);
            var old = LabelSpace.Empty.Grow(run.LabelSpace.Tasks.Take(2).Select(task => (task.Id, task.Name, task.Modality)));
            return run with { LabelSpace = old, Datasets = [run.Datasets[0]] };
        }
    }
}
