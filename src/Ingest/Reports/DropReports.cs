using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Logs;

namespace VerSemi.Ingest.Reports;

/// <summary>What is written back into a drop. report.json comes last: its fingerprint says that the drop is done with.</summary>
internal sealed class DropReports(IBlobStore store, TimeProvider time)
{
    /// <summary>Null where there is none, or it is of another state of the drop.</summary>
    public async Task<IngestReport?> FindAsync(DropFiles files, CancellationToken cancellation)
    {
        // A damaged one is made anew.
        var found = await store.InspectJsonAsync<IngestReport>(BlobLayout.DropReport(files.Drop), DomainJson.Readable, cancellation);
        return found.Value?.Fingerprint == files.Fingerprint ? found.Value : null;
    }

    /// <summary>Cases that the drop's last report names as taken, of whatever state of the drop it is.</summary>
    public async Task<IReadOnlySet<string>> TakenAsync(string drop, CancellationToken cancellation)
    {
        // Of a damaged one nothing is known, as where there is none.
        var found = await store.InspectJsonAsync<IngestReport>(BlobLayout.DropReport(drop), DomainJson.Readable, cancellation);
        return (found.Value?.Cases ?? []).Where(one => one.Quarantined is null).Select(one => one.Id).ToHashSet();
    }

    public async Task WriteAsync(IngestReport report, CancellationToken cancellation)
    {
        await store.WriteTextAsync(BlobLayout.DropReportText(report.Drop), ReportText.Of(report), cancellation: cancellation);
        await store.DeleteAsync(BlobLayout.DropProblem(report.Drop), cancellation);
        await store.WriteJsonAsync(BlobLayout.DropReport(report.Drop), report, DomainJson.Readable, cancellation: cancellation);
    }

    public async Task WriteProblemAsync(string drop, string fingerprint, Exception failure, CancellationToken cancellation)
    {
        var kind = DropFailures.KindOf(failure);
        var failures = 1 + await FailuresAsync(drop, fingerprint, kind, cancellation);
        await store.WriteJsonAsync(BlobLayout.DropProblem(drop), new IngestProblem(drop, fingerprint, OutsideText.WithoutPaths(failure.Message), time.GetUtcNow(), kind, failures), DomainJson.Readable, cancellation: cancellation);
    }

    /// <summary>How often in a row this state of the drop failed in this way, as far as notes could be written.</summary>
    public async Task<int> FailuresAsync(string drop, string fingerprint, string kind, CancellationToken cancellation) =>
        await FindProblemAsync(drop, cancellation) is { } before && before.Fingerprint == fingerprint && before.Kind == kind ? before.Failures : 0;

    private async Task<IngestProblem?> FindProblemAsync(string drop, CancellationToken cancellation)
    {
        try
        {
            return (await store.TryReadJsonAsync<IngestProblem>(BlobLayout.DropProblem(drop), DomainJson.Readable, cancellation))?.Value;
        }
        catch (InvalidDataException)
        {
            // Somebody wrote into it: it is counted anew.
            return null;
        }
    }
}
