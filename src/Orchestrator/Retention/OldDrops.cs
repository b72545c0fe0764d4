using System.Runtime.CompilerServices;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Retention;

/// <summary>Drops whose data is in their dataset, and in which nothing has changed since their report. The report itself stays.</summary>
internal sealed class OldDrops(IBlobStore blobs, OrchestratorOptions options, IDatabaseClock clock)
{
    public async IAsyncEnumerable<Garbage> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var drop in (await blobs.ListFoldersAsync(BlobLayout.Incoming, cancellation)).Where(PathSegment.Is))
            if (await OldAsync(drop, cancellation) is { } why)
                yield return new Garbage(BlobLayout.Drop(drop), why, BlobLayout.Drop(drop) + BlobLayout.CollectedMarker, $"{BlobLayout.Drop(drop)}_report/");
    }

    /// <summary>Null where it is to stay.</summary>
    private async Task<string?> OldAsync(string drop, CancellationToken cancellation)
    {
        var (folder, reportPath) = (BlobLayout.Drop(drop), BlobLayout.DropReport(drop));
        var (files, reported, begun) = (new List<(string, long, string)>(), (DateTimeOffset?)null, false);
        await foreach (var blob in blobs.ListAsync(folder, cancellation))
            if (blob.Path == reportPath)
                reported = blob.Modified;
            else if (blob.Path == folder + BlobLayout.CollectedMarker)
                begun = true;
            else if (blob.Path.Length > folder.Length && DropFingerprint.IsPart(blob.Path[folder.Length..]))
                files.Add((blob.Path[folder.Length..], blob.Bytes, blob.ETag));
        if (begun)
            return "an earlier collection of this drop was cut off";
        if (reported is not { } at || clock.Now - at < options.Retention.Incoming)
            return null;
        var report = await blobs.InspectJsonAsync<IngestReport>(reportPath, DomainJson.Readable, cancellation);
        return report.Value is { Outcome: IngestOutcome.Committed or IngestOutcome.Unchanged } final && final.Fingerprint == DropFingerprint.Of(files)
            ? $"in dataset {final.Dataset}/{final.Version} since {at:yyyy-MM-dd}, kept for {options.Retention.Incoming.TotalDays:0.#} days"
            : null;
    }
}
