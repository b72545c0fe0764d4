using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Tests.Training;

/// <summary>Which weights a training keeps: two validation cases, validated after every step.</summary>
public sealed class ChosenWeightsTests : IDisposable
{
    private readonly SmallStore _store = new(validation: 2);
    private readonly List<string> _notes = [];
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_few_validation_cases_the_last_averaged_weights_are_kept()
    {
        var (result, scores) = await TrainAsync(chooseFromCases: 3);
        var last = scores.Last(score => score.Weights == WeightsKind.Average);
        Assert.Equal(8, last.Step);
        Assert.Equal(last.Dice, result.Validation);
        Assert.Contains(_notes, note => note.Contains("2 validation cases", StringComparison.Ordinal) && note.Contains("from 3 on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_enough_validation_cases_the_best_weights_are_kept()
    {
        var (result, scores) = await TrainAsync(chooseFromCases: 2);
        Assert.Equal(scores.Max(score => score.MeanDice), result.Validation.Values.Average(), 1e-12);
        Assert.DoesNotContain(_notes, note => note.Contains("validation cases", StringComparison.Ordinal));
    }

    public void Dispose() => _store.Dispose();

    private async Task<(TrainingResult Result, List<ValidationScore> Scores)> TrainAsync(int chooseFromCases)
    {
        var recipe = SmallStore.Recipe with { ValidateEvery = 1, ChooseFromCases = chooseFromCases };
        var result = new Trainer(_store.Run(recipe, "run"), 1, _store.Blobs, new TrainerOptions { Scratch = _store.Scratch, Threads = 1 }, null, _notes.Add).Run(_cancellation, _cancellation);
        using var reader = new StreamReader(await _store.Blobs.OpenReadAsync(BlobLayout.AttemptMetrics("run", 1), _cancellation));
        var lines = (await reader.ReadToEndAsync(_cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (result, [.. lines.Select(line => JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Canonical)!.Validation).OfType<ValidationScore>()]);
    }
}
