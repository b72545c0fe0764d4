using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.TestKit;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class DistillationTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public void The_term_is_0_where_the_student_answers_as_the_teacher_and_grows_with_the_distance()
    {
        using var scope = NewDisposeScope();
        using var teacher = Network();
        using var student = Network();
        student.Grow(1, seed: 2);
        using var generator = new Generator(5, CPU);
        var images = randn([2, 1, 16, 32, 16], generator: generator);
        var distillation = new Distillation(teacher, [new Prompt(0), new Prompt(1)], 1);
        double Loss() => distillation.Loss(student, images, student.Trunk(images)).Value();
        Assert.Equal(0, Loss(), 1e-6);
        var distances = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            using (no_grad())
                student.get_parameter("controller.columns")!.narrow(0, 0, 2).AddInPlace(0.2);
            distances.Add(Loss());
        }
        Assert.True(distances[0] > 1e-4);
        Assert.Equal(distances.Order(), distances);
    }

    [Fact]
    public void The_student_is_moved_by_it_and_the_teacher_is_not()
    {
        using var scope = NewDisposeScope();
        using var teacher = Network();
        using var student = new VerSemiNetwork(4, FeatureNorm.Group, 3, seed: 9);
        using var generator = new Generator(5, CPU);
        var images = randn([2, 1, 16, 32, 16], generator: generator);
        new Distillation(teacher, [new Prompt(1)], 1).Loss(student, images, student.Trunk(images)).backward();
        Assert.All(teacher.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.NotEqual(0, student.get_parameter("x1.conv1.weight")!.grad!.abs().sum().Value());
        var columns = student.get_parameter("controller.columns")!.grad!;
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(row => columns[row].abs().sum().Value() > 0));
    }

    [Fact]
    public async Task A_run_that_was_stopped_gets_its_teacher_back_and_ends_as_one_that_was_not()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        store.Trainer(store.Run(GrowthMode.Distillation), 1).Run(_cancellation, _cancellation);
        using var stop = new CancellationTokenSource();
        var stopped = store.Run(GrowthMode.Distillation, "stopped");
        Assert.ThrowsAny<OperationCanceledException>(() => store.Trainer(stopped, 1, done => { if (done == 3) stop.Cancel(); }).Run(stop.Token, _cancellation));
        store.Trainer(stopped, 2).Run(_cancellation, _cancellation);

        var (straight, resumed) = (await StepsAsync(store, "second", 1), await StepsAsync(store, "stopped", 2));
        Assert.Equal(8, straight.Count);
        Assert.InRange(straight[0].Terms!["distillation"], -1e-6, 1e-2); // the student still is the champion, but for its norm's batch statistics
        Assert.All(straight.Skip(1), step => Assert.True(step.Terms!["distillation"] > 0));
        Assert.All(straight.Skip(4), step => Assert.True(step.Terms!["distillation_unlabelled"] > 0));
        Assert.Equal(straight.Select(step => (step.Step, step.Loss, step.Terms!["distillation"])), resumed.Select(step => (step.Step, step.Loss, step.Terms!["distillation"])));
    }

    [Fact]
    public async Task Old_answers_stay_nearer_to_the_champions_the_heavier_the_term()
    {
        using var store = await GrowingStore.MakeAsync(FeatureNorm.Group, _cancellation);
        Assert.True(await DistanceAsync(100) < 0.5 * await DistanceAsync(1e-3));

        async Task<double> DistanceAsync(double weight)
        {
            var run = store.Run(GrowthMode.Distillation, $"weight-{weight}", recipe => recipe with { Norm = FeatureNorm.Group, DistillationWeight = weight, Stage1Steps = 20, Stage2Steps = 4, LearningRate = 3e-3, ValidateEvery = 1000, EmaDecay = 0 });
            store.Trainer(run, 1).Run(_cancellation, _cancellation);
            using var champion = await store.NetworkAsync(BlobLayout.Model("main", 1), _cancellation);
            using var candidate = await store.NetworkAsync(BlobLayout.AttemptModel(run.Run, 1), _cancellation);
            using var scope = NewDisposeScope(); // after the last await: a scope belongs to its thread
            using var off = no_grad();
            using var generator = new Generator(5, CPU);
            var images = randn([2, 1, 16, 16, 16], generator: generator);
            return new Distillation(champion, [new Prompt(0), new Prompt(1)], 1).Loss(candidate, images, candidate.Trunk(images)).Value();
        }
    }

    [Fact]
    public async Task Old_datasets_give_only_their_unlabelled_images()
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        var run = store.Run(GrowthMode.Distillation);
        using var growth = await Growth.MakeAsync(run, store.Blobs, CPU, _ => { }, _cancellation);
        var data = growth.DataOf(new TrainingData(run.LabelSpace, [store.First, store.Second]));
        Assert.All(data.In(Split.Training), reference => Assert.Equal("both", reference.Dataset.Name));
        Assert.Equal(store.Second.In(Split.Training).Count(), data.In(Split.Training).Count);
        Assert.Equal(["balls", "both"], data.Unlabelled.Select(reference => reference.Dataset.Name).Distinct());
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(6, 4)]
    public async Task However_many_old_tasks_there_are_a_step_asks_few_and_all_in_turn(int old, int asked)
    {
        using var store = await GrowingStore.MakeAsync(cancellation: _cancellation);
        var run = await ManyTasksAsync(store, old);
        using var growth = await Growth.MakeAsync(run, store.Blobs, CPU, _ => { }, _cancellation);
        var steps = Enumerable.Range(0, 12).Select(step => growth.At(step)!.Prompts).ToList();
        Assert.All(steps, prompts => Assert.InRange(prompts.Count, 1, asked));
        Assert.All(steps, prompts => Assert.Equal(prompts.Distinct(), prompts));
        Assert.Equal(Enumerable.Range(0, old), steps.SelectMany(prompts => prompts).Select(prompt => prompt.Column).Distinct().Order());
    }

    private async Task<RunSpecification> ManyTasksAsync(GrowingStore store, int old)
    {
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, old, seed: 1);
        var run = store.Run(GrowthMode.Distillation);
        var known = LabelSpace.Empty.Grow(Enumerable.Range(0, old).Select(i => ($"old/{i}", $"{i}", "MRI")));
        var (manifest, champion) = await ModelFiles.LoadAsync(store.Blobs, BlobLayout.Model("main", 1), CPU, _cancellation);
        champion.Dispose();
        using var folder = new TempFolder();
        await ModelFiles.SaveAsync(store.Blobs, BlobLayout.Model("main", 2), network, hash => manifest with { LabelSpace = known, LabelSpaceHash = known.Hash, Weights = hash }, folder.Path, _cancellation);
        return run with { Champion = 2, LabelSpace = known.Grow([(GrowingStore.NewTask, "either", "MRI")]) };
    }

    private async Task<List<MetricsLine>> StepsAsync(GrowingStore store, string run, int attempt)
    {
        using var reader = new StreamReader(await store.Blobs.OpenReadAsync(BlobLayout.AttemptMetrics(run, attempt), _cancellation));
        var lines = (await reader.ReadToEndAsync(_cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => System.Text.Json.JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Canonical)!).Where(line => line.Loss is not null)];
    }

    private static VerSemiNetwork Network()
    {
        var network = new VerSemiNetwork(4, FeatureNorm.Group, 2, seed: 3);
        network.eval();
        return network;
    }
}
