using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
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
        map.Add(new TaskProbability(new SegmentationTask("a", "a", "CT", 0), new Volume<float>(grid, [0.6f, 0.9f, 0.4f, 0.5f])));
        map.Add(new TaskProbability(new SegmentationTask("b", "b", "CT", 1), new Volume<float>(grid, [0.7f, 0.8f, 0.45f, 0.51f])));
        Assert.Equal([2, 1, 0, 2], map.Labels.Voxels);
    }

    public void Dispose() => _store.Dispose();

    private TrainerOptions Options => new() { Scratch = _store.Scratch, Threads = 1 };
}
