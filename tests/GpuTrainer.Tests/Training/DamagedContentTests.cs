using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Segmentations;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.GpuTrainer.Tests.Training;

/// <summary>A bit is flipped in a file: it is found before the content reaches a training, a judgement or a segmentation, and named.</summary>
public sealed class DamagedContentTests(TrainedStore trained) : IClassFixture<TrainedStore>, IDisposable
{
    private readonly SmallStore _store = trained.Copy();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private TrainerOptions Options => TrainedStore.Options(_store);

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("training image")]
    [InlineData("training label")]
    [InlineData("validation image")]
    [InlineData("unlabelled image")]
    [InlineData("manifest")]
    [InlineData("champion's weights")]
    [InlineData("champion's model.json")]
    public async Task No_training_is_made_of_it(string which)
    {
        var path = PathOf(which);
        foreach (var share in new[] { 0, 0.5, 1 })
        {
            var whole = Flip(path, share);
            var notes = new List<string>();
            var error = Record.Exception(() => new Trainer(_store.Run(run: $"run-{share}") with { Champion = 1 }, 1, _store.Blobs, Options, null, notes.Add).Run(_cancellation, _cancellation));
            Assert.Equal(FailureKind.Content, TrainingFailures.Classify(error!));
            Assert.Contains(path, error!.GetBaseException().Message, StringComparison.Ordinal);
            Assert.Null(await _store.Blobs.FindAsync(BlobLayout.AttemptResult($"run-{share}", 1), _cancellation));
            await File.WriteAllBytesAsync(FileOf(path), whole, _cancellation);
        }
    }

    [Theory]
    [InlineData("test image")]
    [InlineData("test label")]
    [InlineData("manifest")]
    [InlineData("champion's weights")]
    [InlineData("champion's model.json")]
    public async Task No_judgement_and_no_segmentation_is_made_of_it(string which)
    {
        var path = PathOf(which);
        foreach (var share in new[] { 0, 0.5, 1 })
        {
            var whole = Flip(path, share);
            var error = await Record.ExceptionAsync(() => LocalTraining.EvaluateAsync(_store.Run(), _store.Blobs, BlobLayout.Model("main", 1), Split.Test, Options, null, null, _cancellation));
            Assert.Equal(FailureKind.Content, TrainingFailures.Classify(error!));
            Assert.Contains(path, error!.GetBaseException().Message, StringComparison.Ordinal);
            if (path.StartsWith(BlobLayout.AllModels, StringComparison.Ordinal))
                await Assert.ThrowsAsync<DamagedBlobException>(() => Segmenter.LoadAsync(_store.Blobs, BlobLayout.Model("main", 1), Options, null, _cancellation));
            await File.WriteAllBytesAsync(FileOf(path), whole, _cancellation);
        }
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Emptied)]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.FlippedBit)]
    [InlineData(Damage.Anothers)]
    public async Task While_production_json_is_damaged_the_ledgers_newest_blob_says_what_is_in_production(Damage damage)
    {
        foreach (var (line, generation, version) in new[] { ("main", 9, 2), ("main", 10, 1), ("other", 1, 7) })
        {
            await _store.Blobs.WriteJsonAsync(BlobLayout.LedgerEntry(line, generation), new { line, generation, version, kind = "promotion" }, DomainJson.Readable, cancellation: _cancellation);
            await _store.Blobs.WriteJsonAsync(BlobLayout.Production(line), new ProductionPointer(generation, version), DomainJson.Readable, cancellation: _cancellation);
        }
        Damages.Do(damage, FileOf(BlobLayout.Production("main")), File.ReadAllBytes(FileOf(BlobLayout.Production("other"))), []);
        Assert.Equal(new ProductionPointer(10, 1), await InProduction.FindAsync(_store.Blobs, "main", _cancellation));
        Assert.Null(await InProduction.FindAsync(_store.Blobs, "none", _cancellation));
    }

    public static TheoryData<string, Damage> OwnFiles()
    {
        var table = new TheoryData<string, Damage>();
        foreach (var file in new[] { "checkpoints/last.json", "checkpoints/best.json", "last checkpoint", "plan.json", "metrics.jsonl" })
            foreach (var damage in Enum.GetValues<Damage>().Where(damage => damage != Damage.Older))
                table.Add(file, damage);
        return table;
    }

    [Theory]
    [MemberData(nameof(OwnFiles))]
    public async Task A_run_whose_own_files_are_damaged_ends_with_the_weights_of_one_whose_are_not(string which, Damage damage)
    {
        var (run, other) = (TrainedStore.StoppedAt5, TrainedStore.StoppedAt3);
        Damages.Do(damage, FileOf(OwnFile(run, which)), await File.ReadAllBytesAsync(FileOf(OwnFile(other, which)), _cancellation), []);
        Assert.InRange(StepsOf(run, 2), 1, 6); // not from the beginning
        Assert.Equal(WeightsOf(TrainedStore.Whole, 1), WeightsOf(run, 2));
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Emptied)]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.FlippedBit)]
    [InlineData(Damage.Anothers)]
    [InlineData(Damage.Deleted)]
    public async Task A_damaged_result_is_no_result_and_the_training_goes_on_from_its_last_checkpoint(Damage damage)
    {
        var (run, other) = (TrainedStore.Whole, TrainedStore.OtherSeed);
        Damages.Do(damage, FileOf(BlobLayout.AttemptResult(run, 1)), await File.ReadAllBytesAsync(FileOf(BlobLayout.AttemptResult(other, 1)), _cancellation), []);
        Assert.Equal(0, StepsOf(run, 2));
        Assert.Equal(WeightsOf(run, 1), WeightsOf(run, 2));
    }

    [Fact]
    public void An_older_pointer_costs_steps_and_changes_no_weights()
    {
        const string run = TrainedStore.StoppedAt3;
        var older = File.ReadAllBytes(FileOf(OwnFile(run, "checkpoints/last.json")));
        TrainedStore.StopAfter(_store, run, 6, attempt: 2);
        var path = BlobLayout.Checkpoints(run, 2) + "last.json";
        File.WriteAllBytes(FileOf(path), older);
        Assert.InRange(StepsOf(run, 3), 1, 5);
        Assert.Equal(WeightsOf(TrainedStore.Whole, 1), WeightsOf(run, 3));
    }

    /// <summary>Trains to the end.</summary>
    /// <returns>How many steps that took.</returns>
    private int StepsOf(string run, int attempt)
    {
        var steps = 0;
        new Trainer(_store.Run(run: run), attempt, _store.Blobs, Options, progress => steps += progress.Phase.StartsWith("stage", StringComparison.Ordinal) ? 1 : 0).Run(_cancellation, _cancellation);
        return steps;
    }

    private string PathOf(string which) => which switch
    {
        "training image" => Voxels(_store.Manifest.In(Split.Training).First().Image),
        "training label" => Voxels(_store.Manifest.In(Split.Training).First().Label!),
        "validation image" => Voxels(_store.Manifest.In(Split.Validation).First().Image),
        "unlabelled image" => Voxels(_store.Manifest.Unlabelled.First().Image),
        "test image" => Voxels(_store.Manifest.In(Split.Test).First().Image),
        "test label" => Voxels(_store.Manifest.In(Split.Test).First().Label!),
        "manifest" => BlobLayout.DatasetManifest("balls", _store.Manifest.Version),
        "champion's weights" => BlobLayout.Model("main", 1) + BlobLayout.WeightsFile,
        _ => BlobLayout.Model("main", 1) + BlobLayout.ModelFile,
    };

    private string OwnFile(string run, string which) => which switch
    {
        "plan.json" => BlobLayout.RunPlan(run),
        "metrics.jsonl" => BlobLayout.AttemptMetrics(run, 1),
        "last checkpoint" => BlobLayout.Checkpoints(run, 1) + _store.Blobs.ReadJsonAsync<CheckpointPointer>(BlobLayout.Checkpoints(run, 1) + "last.json", DomainJson.Readable).GetAwaiter().GetResult().File,
        _ => BlobLayout.Attempt(run, 1) + which,
    };

    private static string Voxels(string hash) => BlobLayout.Voxels("balls", hash);

    private string FileOf(string path) => Path.Combine(Path.GetDirectoryName(_store.Scratch)!, path);

    private byte[] WeightsOf(string run, int attempt) => File.ReadAllBytes(FileOf(BlobLayout.AttemptModel(run, attempt) + BlobLayout.WeightsFile));

    /// <returns>What the file held before.</returns>
    private byte[] Flip(string path, double share)
    {
        var whole = File.ReadAllBytes(FileOf(path));
        var changed = whole.ToArray();
        changed[(int)(share * (whole.Length - 1))] ^= 1;
        File.WriteAllBytes(FileOf(path), changed);
        return whole;
    }
}
