using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Reports;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>
/// Deletes files of a drop. A drop that has its report keeps it: the report is first made that of the drop as it will be,
/// so that what is left is not taken in once more. It holds names of cases, and no voxels.
/// </summary>
internal sealed class DropErasure(IBlobStore store, DropReports reports)
{
    public async Task EraseAsync(AffectedDrop drop, string withdrawal, CancellationToken cancellation)
    {
        if (await reports.FindAsync(drop.Files, cancellation) is { Outcome: not IngestOutcome.Refused } report)
            await reports.WriteAsync(After(report, drop, withdrawal), cancellation);
        foreach (var path in drop.Erase)
            await store.DeleteAsync(path, cancellation);
    }

    private static IngestReport After(IngestReport report, AffectedDrop drop, string withdrawal) => report with
    {
        Fingerprint = drop.Files.Without(drop.Erase).Fingerprint,
        Notes = [.. report.Notes, $"{drop.Erase.Count} file(s) were erased from this drop: withdrawal {withdrawal}. Cases that it names above may be among them."],
    };
}
