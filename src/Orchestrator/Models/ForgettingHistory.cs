using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>Forgetting matrices from the reports of the models that were ever in production.</summary>
internal sealed class ForgettingHistory(OrchestratorDb db, IBlobStore blobs)
{
    /// <summary>The models that were live before the cycle began, and its candidate as the last one. A function of the cycle's row and its reports.</summary>
    /// <param name="champion">On the candidate's cases; it stands for the report of the champion's own time.</param>
    public async Task<ForgettingMatrix> OfCandidateAsync(Cycle cycle, EvaluationReport candidate, EvaluationReport? champion, CancellationToken cancellation)
    {
        var generations = new List<EvaluationReport>();
        foreach (var (version, since) in await LiveAsync(cycle.Line, cancellation))
            if (version == cycle.Champion && champion is not null)
                generations.Add(Named(champion, cycle.Line, version));
            else if (since <= cycle.CreatedAt && await TryReadAsync(cycle.Line, version, cancellation) is { } report)
                generations.Add(report);
        return ForgettingMatrix.Of([.. generations, candidate]);
    }

    /// <summary>Every model that was ever live, the one in production as the last.</summary>
    public async Task<ForgettingMatrix> OfLineAsync(string line, CancellationToken cancellation)
    {
        var current = await db.Ledger.AsNoTracking().Where(row => row.Line == line).OrderByDescending(row => row.Generation).FirstOrDefaultAsync(cancellation)
            ?? throw new UnknownNameException($"Line '{line}' has nothing in production: there is nothing to compare. `versemi status` lists the lines.");
        var generations = new List<EvaluationReport>();
        foreach (var (version, _) in (await LiveAsync(line, cancellation)).OrderBy(model => model.Version == current.Version))
            if (await TryReadAsync(line, version, cancellation) is { } report)
                generations.Add(report);
        return ForgettingMatrix.Of(generations);
    }

    /// <summary>In the order in which they first went live.</summary>
    private async Task<List<(int Version, DateTimeOffset Since)>> LiveAsync(string line, CancellationToken cancellation) =>
        [.. (await db.Ledger.AsNoTracking().Where(row => row.Line == line).OrderBy(row => row.Generation).ToListAsync(cancellation))
            .DistinctBy(row => row.Version).Select(row => (row.Version, row.At))];

    private async Task<EvaluationReport?> TryReadAsync(string line, int version, CancellationToken cancellation) =>
        await blobs.TryReadJsonAsync<EvaluationReport>(BlobLayout.Model(line, version) + BlobLayout.EvaluationFile, DomainJson.Readable, cancellation) is { } found
            ? Named(found.Value, line, version)
            : null;

    // A model's report was written when it was a candidate, and says so.
    private static EvaluationReport Named(EvaluationReport report, string line, int version) => report with { Model = $"{line}/{version}" };
}
