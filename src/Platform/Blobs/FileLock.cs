using VerSemi.Platform.Files;

namespace VerSemi.Platform.Blobs;

/// <summary>
/// A lock between threads and processes on one machine. The kernel drops it with its process. The file stays: a lock
/// on a deleted file would keep nobody out who makes it anew.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Null where another holds it.</summary>
    public static FileStream? TryTake(string file)
    {
        try
        {
            return PrivateFiles.Open(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    public static async Task<FileStream> TakeAsync(string file, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(file) is { } taken)
                return taken;
            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>EAGAIN of Linux and of macOS, or ERROR_SHARING_VIOLATION. All else (a full disk, no such folder) would not end by waiting.</summary>
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
