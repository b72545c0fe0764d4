using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Training;

/// <summary>Trainings of stage 2 alone that start from weights made for the purpose and all but stand still.</summary>
public sealed class UnlabelledUseTests : IDisposable
{
    // docs/method.md, "Network": w0 (8×8), w1 (8×8), w2 (2×8), b0, b1, b2, the foreground's bias last.
    private const int Channels = 8;
    private const int HeadParameters = 162;
    private static readonly TrainingRecipe Recipe = SmallStore.Recipe with { Stage1Steps = 0, Stage2Steps = 8, ValidateEvery = 8, CheckpointEvery = 8, LearningRate = 1e-9 };
    private readonly SmallStore _store = new(validation: 0);
    private readonly List<string> _notes = [];
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predictions_between_empty_and_full_raise_no_alarm()
    {
        var use = await TrainAsync(Recipe);
        Assert.Equal(16, use.Patches);
        Assert.InRange(use.Agreement!.Value, 0.5, 1);
        Assert.Equal(["balls/left", "balls/right", "synthetic"], use.Shares.Keys.Order());
        Assert.All(use.Shares.Values, share => Assert.InRange(share.Foreground, 0.1, 0.7));
        // Each ball has 147 of 20³ voxels.
        Assert.All(use.Shares.Values, share => Assert.InRange(share.Expected!.Value, 0.01, 0.03));
        Assert.Empty(use.Alarms);
        Assert.DoesNotContain(_notes, note => note.Contains("collapsed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1000, CollapseKind.Empty, "empty")]
    [InlineData(1000, CollapseKind.Full, "full")]
    public async Task Predictions_that_are_empty_or_full_raise_the_alarm_and_the_run_is_told(float foreground, CollapseKind kind, string word)
    {
        var use = await TrainAsync(Recipe, network => Weight(network, "controller.bias").narrow(0, HeadParameters - 1, 1).copy_(tensor(foreground)));
        Assert.Equal(["balls/left", "balls/right", "synthetic"], use.Alarms.Select(alarm => alarm.Task).Order());
        Assert.All(use.Alarms, alarm => Assert.Equal((kind, kind == CollapseKind.Full ? 1.0 : 0.0), (alarm.Kind, alarm.Share.Foreground)));
        var result = await _store.Blobs.ReadJsonAsync<TrainingResult>(BlobLayout.AttemptResult("run", 1), DomainJson.Readable, _cancellation);
        Assert.Equal(use.Alarms.OrderBy(alarm => alarm.Task, StringComparer.Ordinal).Select(alarm => new CollapseAlarm(8, alarm)), result.Alarms);
        Assert.Contains(_notes, note => note.Contains("Step 8", StringComparison.Ordinal) && note.Contains("'balls/left'", StringComparison.Ordinal) && note.Contains($"collapsed to {word}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resumed_attempt_knows_the_alarms_of_the_attempts_before_up_to_its_checkpoint()
    {
        var share = new PredictedShare(0, 0.01);
        MetricsLine Line(int step, string task) => new() { Step = step, Stage = 2, Unlabelled = new UnlabelledUse(16, null, new Dictionary<string, PredictedShare>(), [new Collapse(task, CollapseKind.Empty, share)]) };
        var first = new MetricsLog(_store.Blobs, "run", 1);
        foreach (var line in new[] { Line(8, "a"), Line(16, "a"), Line(16, "b"), Line(24, "c") })
            first.Add(line);
        await first.WriteAsync(_cancellation);
        var second = new MetricsLog(_store.Blobs, "run", 2);
        await second.TakeOverAsync(1, 16, _cancellation);
        Assert.Equal([(16, "a"), (16, "b")], second.Alarms.Select(alarm => (alarm.Step, alarm.Collapse.Task)));
    }

    [Theory]
    [InlineData(TeacherTarget.None)]
    [InlineData(TeacherTarget.PseudoLabels)]
    public async Task One_task_that_collapses_is_named_alone_whatever_unlabelled_images_teach(TeacherTarget teacher)
    {
        var recipe = Recipe with { Teacher = teacher, ConsistencyWeight = teacher == TeacherTarget.None ? 1 : 0 }; // without consistency there is no P
        var use = await TrainAsync(recipe, network => Weight(network, "controller.columns")[1].narrow(0, HeadParameters - 1, 1).copy_(tensor(-1000f)));
        Assert.Equal(("balls/right", CollapseKind.Empty), (Assert.Single(use.Alarms).Task, use.Alarms[0].Kind));
        Assert.Equal(teacher == TeacherTarget.None, use.Agreement is not null);
    }

    [Fact]
    public void A_task_that_the_unlabelled_images_need_not_show_and_an_epoch_of_few_patches_raise_none()
    {
        var shares = new Dictionary<string, PredictedShare> { ["ct/liver"] = new(0, 0.1) };
        Assert.Empty(UnlabelledUse.Of(1000, 1, shares, new HashSet<string>()).Alarms);
        Assert.Empty(UnlabelledUse.Of(UnlabelledUse.EnoughPatches - 1, 1, shares, new HashSet<string> { "ct/liver" }).Alarms);
        Assert.Single(UnlabelledUse.Of(UnlabelledUse.EnoughPatches, 1, shares, new HashSet<string> { "ct/liver" }).Alarms);
    }

    [Theory]
    [InlineData(0.0001, 0.01, CollapseKind.Empty)]
    [InlineData(0.0003, 0.01, null)] // a thirtieth: poor, not gone
    [InlineData(0.85, 0.01, CollapseKind.Full)]
    [InlineData(0.85, 0.6, null)] // a large organ
    [InlineData(0.5, null, null)]
    public void A_collapse_is_judged_beside_what_labelled_volumes_have(double foreground, double? expected, CollapseKind? kind) =>
        Assert.Equal(kind, UnlabelledUse.Of(100, 1, new Dictionary<string, PredictedShare> { ["a/b"] = new(foreground, expected) }, new HashSet<string> { "a/b" }).Alarms.SingleOrDefault()?.Kind);

    public void Dispose() => _store.Dispose();

    private async Task<UnlabelledUse> TrainAsync(TrainingRecipe recipe, Action<VerSemiNetwork>? spoil = null)
    {
        var run = _store.Run(recipe) with { Champion = 1 };
        using (var network = HalfForeground(spoil))
            await ModelFiles.SaveAsync(_store.Blobs, BlobLayout.Model("main", 1), network, hash => new ModelManifest
            {
                LabelSpace = run.LabelSpace,
                LabelSpaceHash = run.LabelSpace.Hash,
                Recipe = recipe,
                Preprocessing = [new("MRI", [1, 1, 1], IntensityRule.PercentileZScore, 0.5, 99.5)],
                Lineage = new ModelLineage("made", 1, null, [], 1),
                Weights = hash,
            }, _store.Scratch, _cancellation);
        new Trainer(run, 1, _store.Blobs, new TrainerOptions { Scratch = _store.Scratch, Threads = 1 }, null, _notes.Add).Run(_cancellation, _cancellation);
        using var reader = new StreamReader(await _store.Blobs.OpenReadAsync(BlobLayout.AttemptMetrics("run", 1), _cancellation));
        return (await reader.ReadToEndAsync(_cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Canonical)!.Unlabelled).OfType<UnlabelledUse>().Single();
    }

    /// <summary>For every prompt foreground where the first feature is positive, which is the difference of two rectified normalised channels: about half of the voxels or less.</summary>
    private static VerSemiNetwork HalfForeground(Action<VerSemiNetwork>? spoil)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        var network = new VerSemiNetwork(Recipe.Width, Recipe.Norm, columns: 2, seed: 1);
        foreach (var name in new[] { "controller.weight", "controller.bias", "controller.columns", "controller.synthetic", "feature_weight", "feature_bias" })
            Weight(network, name).zero_();
        Weight(network, "feature_weight").view(Channels, -1)[0].narrow(0, 0, 2).copy_(tensor(new[] { 1f, -1f }));
        var (w1, w2) = (Channels * Channels, 2 * Channels * Channels);
        foreach (var at in new[] { 0, w1, w2 + Channels })
            Weight(network, "controller.bias").narrow(0, at, 1).copy_(tensor(1f));
        spoil?.Invoke(network);
        return network;
    }

    private static Tensor Weight(VerSemiNetwork network, string name) => network.get_parameter(name)!.detach();
}
