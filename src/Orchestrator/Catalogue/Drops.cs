using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>
/// What stands in incoming/, read from there: a drop is a folder, and its report says what became of it. Lists take
/// drops that have their report as they were last seen (<see cref="KnownDrops"/>).
/// </summary>
internal sealed class Drops(IBlobStore blobs, IDatabaseClock clock, KnownDrops known)
{
    /// <summary>A drop that nobody touched for so long waits for its people, not for us.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    /// <summary>Drops listed at a time: a remote store takes its time to answer, not ours.</summary>
    private const int AtATime = 8;

    public sealed record Drop(string Name, DropState State, IngestReport? Report, DateTimeOffset LastChange, string? Problem = null);

    public async Task<IReadOnlyList<Drop>> ListAsync(CancellationToken cancellation)
    {
        var names = await NamesAsync(cancellation);
        var good = known.StillGood(names);
        var drops = new Drop[names.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        await Parallel.ForAsync(0, names.Count, parallel, async (i, stop) =>
            drops[i] = good.GetValueOrDefault(names[i]) ?? await ReadAsync(names[i], stop));
        return drops;
    }

    public async Task<Drop?> FindAsync(string name, CancellationToken cancellation) =>
        (await NamesAsync(cancellation)).Contains(name) ? await ReadAsync(name, cancellation) : null;

    /// <summary>Whether data may be about to be committed: a drop that is whole, or still moves.</summary>
    public async Task<bool> AnyUnderWayAsync(CancellationToken cancellation) =>
        (await ListAsync(cancellation)).Any(drop =>
            drop.State == DropState.Waiting || (drop.State == DropState.Receiving && clock.Now - drop.LastChange < Settled));

    private async Task<List<string>> NamesAsync(CancellationToken cancellation) =>
        [.. (await blobs.ListFoldersAsync(BlobLayout.Incoming, cancellation)).Where(folder => !BlobLayout.IsAside(folder))];

    private async Task<Drop> ReadAsync(string name, CancellationToken cancellation)
    {
        var drop = await LookAtAsync(name, cancellation);
        known.Saw(drop);
        return drop;
    }

    private async Task<Drop> LookAtAsync(string name, CancellationToken cancellation)
    {
        // Ingest has no place for a report on it.
        if (PathSegment.FaultOf(name) is { } fault)
            return Unnamed(name, $"The folder's name {fault}, so that it cannot be a drop's. Rename it.");
        var (newest, ready, reported) = (DateTimeOffset.MinValue, false, (DateTimeOffset?)null);
        var (folder, reportPath) = (BlobLayout.Drop(name), BlobLayout.DropReport(name));
        await foreach (var blob in blobs.ListAsync(folder, cancellation))
            if (blob.Path == reportPath)
                reported = blob.Modified;
            else if (blob.Path == folder + BlobLayout.ReadyMarker)
                ready = true;
            else if (!blob.Path.StartsWith(folder + '_', StringComparison.Ordinal) && blob.Modified > newest)
                newest = blob.Modified;
        if (reported is null || reported < newest)
            return new Drop(name, ready ? DropState.Waiting : DropState.Receiving, null, newest, await ProblemAsync(name, cancellation));
        return (await blobs.InspectJsonAsync<IngestReport>(reportPath, DomainJson.Readable, cancellation)).Value is { } report
            ? new Drop(name, StateOf(report.Outcome), report, newest)
            : new Drop(name, DropState.Waiting, null, newest, $"'{reportPath}' is damaged; Ingest examines the drop again and writes it anew.");
    }

    private static Drop Unnamed(string name, string refusal) =>
        new(name, DropState.Refused, new IngestReport { Drop = name, Fingerprint = "", Outcome = IngestOutcome.Refused, Refusal = refusal }, DateTimeOffset.MinValue);

    // For people only: where it is damaged, the drop is shown without.
    private async Task<string?> ProblemAsync(string name, CancellationToken cancellation) =>
        (await blobs.InspectJsonAsync<IngestProblem>(BlobLayout.DropProblem(name), DomainJson.Readable, cancellation)).Value?.Message;

    private static DropState StateOf(IngestOutcome outcome) => outcome switch
    {
        IngestOutcome.Committed => DropState.Committed,
        IngestOutcome.Unchanged => DropState.Unchanged,
        _ => DropState.Refused,
    };
}
