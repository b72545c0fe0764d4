using System.Globalization;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Models;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Workflow.Leases;

/// <summary>What the blob store holds of a run's work, whoever did or did not hear of its end.</summary>
internal sealed class FinishedWork(IBlobStore blobs)
{
    /// <summary>The newest attempt whose result and model can be read (its weights may have been deleted for their age); null where none is.</summary>
    public async Task<int?> TrainedAttemptAsync(string run, CancellationToken cancellation)
    {
        var attempts = (await blobs.ListFoldersAsync(BlobLayout.Attempts(run), cancellation))
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : 0).OrderDescending();
        foreach (var attempt in attempts)
            if (await ReadAsync<TrainingResult>(BlobLayout.AttemptResult(run, attempt), cancellation) is not null
                && await ModelAsync(run, attempt, cancellation) is not null
                && await blobs.FindAsync(BlobLayout.AttemptModel(run, attempt) + BlobLayout.WeightsFile, cancellation) is not null)
                return attempt;
        return null;
    }

    private Task<ModelManifest?> ModelAsync(string run, int attempt, CancellationToken cancellation) =>
        ReadAsync<ModelManifest>(BlobLayout.AttemptModel(run, attempt) + BlobLayout.ModelFile, cancellation);

    /// <summary>Mean over its tasks; null where nothing was validated.</summary>
    public async Task<double?> ValidationDiceAsync(string run, int attempt, CancellationToken cancellation)
    {
        var dice = (await blobs.ReadJsonAsync<TrainingResult>(BlobLayout.AttemptResult(run, attempt), DomainJson.Readable, cancellation)).Validation.Values;
        return dice.Any() ? dice.Average() : null;
    }

    /// <summary>Both reports can be read and compare: same sealed cases, and the models are those that are in question.</summary>
    /// <param name="trained">The attempt whose model is the candidate.</param>
    public async Task<bool> IsEvaluatedAsync(string run, int trained, string line, int? champion, CancellationToken cancellation)
    {
        if (await ReadAsync<EvaluationReport>(BlobLayout.CandidateReport(run), cancellation) is not { } candidate
            || candidate.Weights != (await ModelAsync(run, trained, cancellation))?.Weights)
            return false;
        if (champion is null)
            return true;
        return await ReadAsync<EvaluationReport>(BlobLayout.ChampionReport(run), cancellation) is { } opponent
            && opponent.Model == $"{line}/{champion}" && opponent.CasesHash == candidate.CasesHash;
    }

    /// <summary>What is damaged was not finished: it is done again.</summary>
    private async Task<T?> ReadAsync<T>(string path, CancellationToken cancellation) where T : class =>
        (await blobs.InspectJsonAsync<T>(path, DomainJson.Readable, cancellation)).Value;
}
