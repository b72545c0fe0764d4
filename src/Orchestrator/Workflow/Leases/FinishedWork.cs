using System.Globalization;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Workflow.Leases;

/// <summary>What the blob store holds of a run's work, whoever did or did not hear of its end.</summary>
internal sealed class FinishedWork(IBlobStore blobs)
{
    /// <summary>The newest attempt whose training is whole, with its weights (they may have been deleted for their age); null where none is.</summary>
    public async Task<int?> TrainedAttemptAsync(string run, CancellationToken cancellation)
    {
        var attempts = (await blobs.ListFoldersAsync(BlobLayout.Attempts(run), cancellation))
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : 0).OrderDescending();
        foreach (var attempt in attempts)
            if (await blobs.FindAsync(BlobLayout.AttemptResult(run, attempt), cancellation) is not null
                && await blobs.FindAsync(BlobLayout.AttemptModel(run, attempt) + BlobLayout.WeightsFile, cancellation) is not null)
                return attempt;
        return null;
    }

    /// <summary>Mean over its tasks; null where nothing was validated.</summary>
    public async Task<double?> ValidationDiceAsync(string run, int attempt, CancellationToken cancellation)
    {
        var dice = (await blobs.ReadJsonAsync<TrainingResult>(BlobLayout.AttemptResult(run, attempt), DomainJson.Readable, cancellation)).Validation.Values;
        return dice.Any() ? dice.Average() : null;
    }

    /// <summary>Both reports are there and compare: same sealed cases, and the champion is the one that was asked for.</summary>
    public async Task<bool> IsEvaluatedAsync(string run, string line, int? champion, CancellationToken cancellation)
    {
        if (await ReportAsync(BlobLayout.CandidateReport(run), cancellation) is not { } candidate)
            return false;
        if (champion is null)
            return true;
        return await ReportAsync(BlobLayout.ChampionReport(run), cancellation) is { } opponent
            && opponent.Model == $"{line}/{champion}" && opponent.CasesHash == candidate.CasesHash;
    }

    private async Task<EvaluationReport?> ReportAsync(string path, CancellationToken cancellation) =>
        (await blobs.TryReadJsonAsync<EvaluationReport>(path, DomainJson.Readable, cancellation))?.Value;
}
