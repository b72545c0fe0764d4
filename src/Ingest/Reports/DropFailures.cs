using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Reports;

/// <summary>Tells failures that a drop brings about from those of the store, the disk or the platform's own records, which end without it.</summary>
internal static class DropFailures
{
    private const int NoSpace = 28, QuotaExceeded = 122;

    /// <summary>Whether trying again can only help if the drop changes, or if this was an accident.</summary>
    public static bool IsOfDrop(Exception e) => e is UnreadableFileException
        ? !IsNoRoom(e.InnerException)
        : e is not (IOException or UnauthorizedAccessException or BlobConflictException or InvalidDataException or TimeoutException or OperationCanceledException);

    public static string KindOf(Exception e) => e.GetType().Name;

    /// <summary>A remote store's file is copied to this machine before it is read.</summary>
    private static bool IsNoRoom(Exception? e) => e is not null && ((e is IOException && e.HResult is NoSpace or QuotaExceeded) || IsNoRoom(e.InnerException));
}
