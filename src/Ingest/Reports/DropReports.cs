using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Reports;

/// <summary>What is written back into a drop. report.json comes last: its fingerprint says that the drop is done with.</summary>
internal sealed class DropReports(IBlobStore store, TimeProvider time)
{
    /// <summary>Null where there is none, or it is of another state of the drop.</summary>
    public async Task<IngestReport?> FindAsync(DropFiles files, CancellationToken cancellation)
    {
        try
        {
            var found = await store.TryReadJsonAsync<IngestReport>(BlobLayout.DropReport(files.Drop), DomainJson.Readable, cancellation);
            return found?.Value.Fingerprint == files.Fingerprint ? found?.Value : null;
        }
        catch (InvalidDataException)
        {
            // Somebody wrote into it: it is made anew.
            return null;
        }
    }

    public async Task WriteAsync(IngestReport report, CancellationToken cancellation)
    {
        await store.WriteTextAsync(BlobLayout.DropReportText(report.Drop), ReportText.Of(report), cancellation: cancellation);
        await store.DeleteAsync(BlobLayout.DropProblem(report.Drop), cancellation);
        await store.WriteJsonAsync(BlobLayout.DropReport(report.Drop), report, DomainJson.Readable, cancellation: cancellation);
    }

    public async Task WriteProblemAsync(string drop, string fingerprint, string message, CancellationToken cancellation) =>
        await store.WriteJsonAsync(BlobLayout.DropProblem(drop), new IngestProblem(drop, fingerprint, message, time.GetUtcNow()), DomainJson.Readable, cancellation: cancellation);
}
