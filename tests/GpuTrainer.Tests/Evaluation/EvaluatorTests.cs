using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Evaluation;

public sealed class EvaluatorTests : IDisposable
{
    private readonly SmallStore _store = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_sealed_case_is_scored_for_every_task_that_the_model_knows()
    {
        var run = _store.Run();
        new Trainer(run, 1, _store.Blobs, Options).Run(_cancellation, _cancellation);
        using var segmenter = await Segmenter.LoadAsync(_store.Blobs, BlobLayout.AttemptModel("run", 1), Options, null, _cancellation);
        var report = new Evaluator(_store.Blobs, new TrainingData(run.LabelSpace, [_store.Manifest])).Evaluate(segmenter, "candidate", Split.Test, _cancellation);

        var expected = from c in _store.Manifest.In(Split.Test) from task in run.LabelSpace.Tasks select (c.Id, task.Id);
        Assert.Equal(expected, report.Scores.Select(score => (score.Case, score.Task)));
        Assert.All(report.Scores, score => Assert.InRange(score.Dice, 0, 1));
        Assert.Equal(run.LabelSpace.Hash, report.LabelSpaceHash);
    }

    [Fact]
    public void A_model_that_says_everywhere_of_one_task_and_nowhere_of_the_other_gets_the_dice_that_follows()
    {
        var run = _store.Run();
        using var network = new VerSemiNetwork(4, FeatureNorm.Group, 2, seed: 1);
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
                parameter.zero_();
            var columns = network.state_dict()["controller.columns"];
            columns[0, -1] = 1; // b2: (background, foreground)
            columns[1, -1] = -1;
        }
        var manifest = new ModelManifest
        {
            LabelSpace = run.LabelSpace,
            LabelSpaceHash = run.LabelSpace.Hash,
            Recipe = run.Recipe,
            Preprocessing = [new("MRI", [1, 1, 1], IntensityRule.PercentileZScore, 0, 100)],
            Lineage = new ModelLineage("run", 1, null, [], 1),
            Weights = "",
        };
        using var segmenter = new Segmenter(network, manifest, new InferenceOptions(), CPU);
        var maps = new Dictionary<string, Volume<ushort>>();
        var report = new Evaluator(_store.Blobs, new TrainingData(run.LabelSpace, [_store.Manifest]), keep: (seen, map) => maps.Add(seen.Entry.Id, map)).Evaluate(segmenter, "known", Split.Test, _cancellation);
        Assert.Equal(_store.Manifest.In(Split.Test).Select(entry => entry.Id), maps.Keys);
        Assert.All(maps.Values, map => Assert.DoesNotContain(map.Voxels, value => value != 1)); // everywhere the first column's
        Assert.Equal(2.0 * 147 / (147 + 8000), report.MeanDice("balls/left"), 1e-9); // a ball of 147 voxels in 20³
        Assert.Equal(0, report.MeanDice("balls/right"));
        Assert.All(report.Scores.Where(score => score.Task == "balls/right"), score => Assert.Null(score.Hd95));
    }

    [Fact]
    public async Task Calibration_is_in_the_model_and_the_report_and_changes_probabilities_but_no_mask_score_or_label_map()
    {
        var run = _store.Run();
        new Trainer(run, 1, _store.Blobs, Options).Run(_cancellation, _cancellation);
        var (manifest, network) = await ModelFiles.LoadAsync(_store.Blobs, BlobLayout.AttemptModel("run", 1), CPU, _cancellation);
        Assert.Equal(["balls/left", "balls/right"], manifest.Temperatures.Keys.Order());
        Assert.All(manifest.Temperatures.Values.SelectMany(task => new[] { task.Inside, task.Outside }), temperature => Assert.InRange(temperature, 0.25, 10));
        manifest = manifest with { Temperatures = new Dictionary<string, TaskTemperatures> { ["balls/left"] = new(3, 2), ["balls/right"] = new(0.5, 0.5) } };
        using var calibrated = new Segmenter(network, manifest, InferenceOptions.Of(run.Recipe), CPU);
        using var plain = new Segmenter(network, manifest with { Temperatures = new Dictionary<string, TaskTemperatures>() }, InferenceOptions.Of(run.Recipe), CPU);

        var (before, mapsBefore) = Evaluate(plain);
        var (after, mapsAfter) = Evaluate(calibrated);

        Assert.Equal(before.Scores.Select(score => score with { Confidence = null }), after.Scores.Select(score => score with { Confidence = null }));
        Assert.Equal(mapsBefore, mapsAfter);
        Assert.All(before.Scores.Concat(after.Scores), score => Assert.InRange(score.Confidence!.Value, 0, 1));
        Assert.Equal([("balls/left", new(3, 2)), ("balls/right", new(0.5, 0.5))], after.Calibration.Select(task => (task.Task, task.Temperatures)));
        Assert.Equal(before.Calibration.Select(task => task.EceAfter), after.Calibration.Select(task => task.EceBefore));
        Assert.All(after.Calibration, task => Assert.NotEqual(task.EceBefore, task.EceAfter));
        Assert.All(before.Calibration, task => Assert.Equal(task.EceBefore, task.EceAfter));

        (EvaluationReport, List<ushort[]>) Evaluate(Segmenter segmenter)
        {
            var maps = new List<ushort[]>();
            return (new Evaluator(_store.Blobs, new TrainingData(run.LabelSpace, [_store.Manifest]), keep: (_, map) => maps.Add(map.Voxels)).Evaluate(segmenter, "it", Split.Test, _cancellation), maps);
        }
    }

    [Fact]
    public async Task Without_validation_cases_a_model_is_not_calibrated_and_the_run_is_told()
    {
        using var store = new SmallStore(validation: 0);
        var notes = new List<string>();
        new Trainer(store.Run(), 1, store.Blobs, new TrainerOptions { Scratch = store.Scratch, Threads = 1 }, null, notes.Add).Run(_cancellation, _cancellation);

        var manifest = await store.Blobs.ReadJsonAsync<ModelManifest>(BlobLayout.AttemptModel("run", 1) + BlobLayout.ModelFile, DomainJson.Readable, _cancellation);
        Assert.Empty(manifest.Temperatures);
        Assert.Contains(notes, note => note.Contains("not calibrated", StringComparison.Ordinal));
    }

    [Fact]
    public void The_entropy_map_takes_the_most_unsure_task_of_each_voxel_by_calibrated_probabilities()
    {
        var grid = new Grid(new Size3(3, 1, 1), Affine.Scaling(1, 1, 1));
        var map = new EntropyMap(grid);
        map.Add(new TaskProbability(new SegmentationTask("a", "a", "CT", 0), new Volume<float>(grid, [0.5f, 0, 0.9f]), new TaskTemperatures(2, 1))); // 0.9 becomes 0.75
        map.Add(new TaskProbability(new SegmentationTask("b", "b", "CT", 1), new Volume<float>(grid, [0.99f, 0.11f, 1]), TaskTemperatures.None));
        Assert.Equal([1, 0.5, 0.811], map.Bits.Voxels.Select(bits => Math.Round(bits, 3)));
    }

    [Fact]
    public void The_hash_of_the_cases_is_of_their_content_and_not_of_version_or_model()
    {
        var space = _store.Run().LabelSpace;
        var grown = space.Grow([("other/task", "other", "CT")]);
        var retitled = _store.Manifest with { Title = "another title" };
        var expected = Hash(space, _store.Manifest);
        Assert.NotEqual(_store.Manifest.Version, retitled.Version);
        Assert.Equal(expected, Hash(grown, retitled));
        Assert.NotEqual(expected, Hash(space, _store.Manifest with { Cases = [.. _store.Manifest.Cases.Skip(1).Where(c => c.Id != "case06")] }));

        string Hash(LabelSpace labels, DatasetManifest manifest) => new Evaluator(_store.Blobs, new TrainingData(labels, [manifest])).CasesHash(Split.Test);
    }

    [Fact]
    public void The_combined_map_takes_the_highest_probability_above_one_half()
    {
        var grid = new Grid(new Size3(4, 1, 1), Affine.Scaling(1, 1, 1));
        var map = new CombinedLabelMap(grid);
        map.Add(new TaskProbability(new SegmentationTask("a", "a", "CT", 0), new Volume<float>(grid, [0.6f, 0.9f, 0.4f, 0.5f]), TaskTemperatures.None));
        map.Add(new TaskProbability(new SegmentationTask("b", "b", "CT", 1), new Volume<float>(grid, [0.7f, 0.8f, 0.45f, 0.51f]), TaskTemperatures.None));
        Assert.Equal([2, 1, 0, 2], map.Labels.Voxels);
    }

    public void Dispose() => _store.Dispose();

    private TrainerOptions Options => new() { Scratch = _store.Scratch, Threads = 1 };
}
