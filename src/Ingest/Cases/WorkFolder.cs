using Microsoft.Extensions.Options;
using VerSemi.Platform.Files;

namespace VerSemi.Ingest.Cases;

/// <summary>Temporary files of this process. What a killed process left is cleared by the next: its lock is free.</summary>
internal sealed class WorkFolder(IOptions<IngestOptions> options) : IDisposable
{
    private readonly Lock _gate = new();
    private string? _own;
    private FileStream? _held;

    /// <summary>A path for a new file; whoever asks deletes it.</summary>
    public string NewFile(string ending)
    {
        lock (_gate)
            return Path.Combine(_own ??= Open(options.Value.WorkFolder), Guid.NewGuid().ToString("N") + ending);
    }

    /// <summary>What killed processes left.</summary>
    public void ClearLeft()
    {
        if (Directory.Exists(options.Value.WorkFolder))
            foreach (var left in Directory.EnumerateFiles(options.Value.WorkFolder, "*.lock").Where(IsOurs))
                ClearIfDead(left);
    }

    public void Dispose()
    {
        if (_own is null)
            return;
        Directory.Delete(_own, recursive: true);
        _held!.Dispose();
        File.Delete(_own + ".lock");
    }

    private string Open(string parent)
    {
        PrivateFiles.CreateFolder(parent);
        ClearLeft();
        var own = Path.Combine(parent, Guid.NewGuid().ToString("N"));
        _held = PrivateFiles.Open(own + ".lock", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        PrivateFiles.CreateFolder(own);
        return own;
    }

    // Somebody may have named a folder that holds other things, too.
    private static bool IsOurs(string file) => Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "N", out _);

    private static void ClearIfDead(string file)
    {
        try
        {
            using var free = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            if (Directory.Exists(Path.ChangeExtension(file, null)))
                Directory.Delete(Path.ChangeExtension(file, null), recursive: true);
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Held by a living process, or another user's: not ours to clear.
        }
    }
}
