using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private readonly SmallStore _store = new();
    private TrainingRecipe _recipe = SmallStore.Recipe;
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)] // between the stages
    [InlineData(7)]
    [InlineData(3, TrunkPrecision.Bfloat16)]
    [InlineData(6, TrunkPrecision.Bfloat16)]
    [InlineData(5, TrunkPrecision.Float32, 2)]
    public async Task A_run_that_was_stopped_ends_with_the_losses_and_weights_of_one_that_was_not(int stopAfter, TrunkPrecision precision = TrunkPrecision.Float32, int accumulate = 1)
    {
        _recipe = _recipe with { Precision = precision, Accumulate = accumulate };
        Trainer("straight", 1).Run(_cancellation, _cancellation);
        Stop("stopped", 1, stopAfter);
        Trainer("stopped", 2).Run(_cancellation, _cancellation);

        Assert.Equal(await LossesAsync("straight", 1), await LossesAsync("stopped", 2));
        Assert.Equal(await ReadAsync(BlobLayout.AttemptModel("straight", 1) + BlobLayout.WeightsFile), await ReadAsync(BlobLayout.AttemptModel("stopped", 2) + BlobLayout.WeightsFile));
        Assert.Equal(await LastHashAsync("straight", 1), await LastHashAsync("stopped", 2));
    }

    [Fact]
    public async Task A_damaged_last_checkpoint_is_passed_over_for_an_older_one()
    {
        Trainer("straight", 1).Run(_cancellation, _cancellation);
        Stop("damaged", 1, 5); // best: step 3, last: step 5
        var last = await _store.Blobs.ReadJsonAsync<CheckpointPointer>(BlobLayout.Checkpoints("damaged", 1) + "last.json", DomainJson.Readable, _cancellation);
        await _store.Blobs.WriteTextAsync(BlobLayout.Checkpoints("damaged", 1) + last.File, "half a file", cancellation: _cancellation);
        var notes = new List<string>();
        Trainer("damaged", 2, notes).Run(_cancellation, _cancellation);

        Assert.Contains(notes, note => note.Contains("damaged", StringComparison.Ordinal) && note.Contains(last.File, StringComparison.Ordinal));
        Assert.Equal(await LossesAsync("straight", 1), await LossesAsync("damaged", 2));
    }

    [Fact]
    public async Task Only_the_last_and_the_best_checkpoint_are_kept()
    {
        Trainer("kept", 1).Run(_cancellation, _cancellation);
        var files = new List<string>();
        await foreach (var blob in _store.Blobs.ListAsync(BlobLayout.Checkpoints("kept", 1), _cancellation))
            files.Add(Path.GetFileName(blob.Path));
        Assert.Equal(2, files.Count(file => file.EndsWith(".json", StringComparison.Ordinal)));
        Assert.InRange(files.Count(file => file.EndsWith(".safetensors", StringComparison.Ordinal)), 1, 2);
    }

    [Fact]
    public async Task A_finished_training_is_only_reported_again()
    {
        var first = Trainer("finished", 1).Run(_cancellation, _cancellation);
        var again = Trainer("finished", 3).Run(_cancellation, _cancellation);
        Assert.Equal((1, first.Steps), (again.Attempt, again.Steps));
        Assert.Null(await _store.Blobs.FindAsync(BlobLayout.AttemptResult("finished", 3), _cancellation));
    }

    [Fact]
    public async Task An_abandoned_attempt_writes_nothing_any_more()
    {
        using var abandon = new CancellationTokenSource();
        var trainer = new Trainer(_store.Run(run: "abandoned"), 1, _store.Blobs, Options, progress => { if (progress.Done == 3) abandon.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(_cancellation, abandon.Token));
        var last = await _store.Blobs.ReadJsonAsync<CheckpointPointer>(BlobLayout.Checkpoints("abandoned", 1) + "last.json", DomainJson.Readable, _cancellation);
        Assert.Equal(2, last.Step);
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_is_refused()
    {
        Stop("other", 1, 3);
        var other = _store.Run(SmallStore.Recipe with { LearningRate = 0.5 }, "other");
        var error = Assert.Throws<DomainException>(() => new Trainer(other, 2, _store.Blobs, Options).Run(_cancellation, _cancellation));
        Assert.Contains("another recipe", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _store.Dispose();

    private TrainerOptions Options => new() { Scratch = _store.Scratch, Threads = 1 };

    private Trainer Trainer(string run, int attempt, List<string>? notes = null) => new(_store.Run(_recipe, run), attempt, _store.Blobs, Options, null, note => notes?.Add(note));

    private void Stop(string run, int attempt, int after)
    {
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(_store.Run(_recipe, run), attempt, _store.Blobs, Options, progress => { if (progress.Done == after) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(stop.Token, _cancellation));
    }

    private async Task<List<(int, double?, double?, double?, string?)>> LossesAsync(string run, int attempt)
    {
        using var reader = new StreamReader(await _store.Blobs.OpenReadAsync(BlobLayout.AttemptMetrics(run, attempt), _cancellation));
        var lines = (await reader.ReadToEndAsync(_cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var metrics = lines.Select(line => System.Text.Json.JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Canonical)!).ToList();
        Assert.Equal(8, metrics.Count(line => line.Loss is not null));
        Assert.Equal([6, 8], metrics.Where(line => line.Unlabelled is { Patches: 4 or 8 }).Select(line => line.Step)); // 2 steps each, of 1 or 2 micro-batches
        return [.. metrics.Select(line => (line.Step, line.Loss, line.GradientNorm, line.Validation?.MeanDice, line.Unlabelled is null ? null : ContentHash.Of(line.Unlabelled)))];
    }

    private async Task<byte[]> ReadAsync(string path)
    {
        using var copy = new MemoryStream();
        await using var stream = await _store.Blobs.OpenReadAsync(path, _cancellation);
        await stream.CopyToAsync(copy, _cancellation);
        return copy.ToArray();
    }

    // Tensors alone: the header's times differ.
    private async Task<string> LastHashAsync(string run, int attempt)
    {
        var last = await _store.Blobs.ReadJsonAsync<CheckpointPointer>(BlobLayout.Checkpoints(run, attempt) + "last.json", DomainJson.Readable, _cancellation);
        Assert.Equal(8, last.Step);
        var file = await ReadAsync(BlobLayout.Checkpoints(run, attempt) + last.File);
        return ContentHash.Of(file.AsSpan(8 + (int)BitConverter.ToInt64(file)));
    }
}
