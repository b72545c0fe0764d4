using System.Runtime.CompilerServices;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Platform.Doctor;

/// <summary>Section "Doctor".</summary>
public sealed class DoctorOptions
{
    /// <summary>Less room than this, in MiB, where a service writes is too little; ≥ 0.</summary>
    public long LeastFreeMiB { get; set; } = 1024;

    public IEnumerable<string> Errors()
    {
        if (LeastFreeMiB < 0)
            yield return $"Doctor:LeastFreeMiB is {LeastFreeMiB}: 0 or more is possible.";
    }
}

/// <summary>Whether there is room, and a right to write, in each folder that this service writes to.</summary>
internal sealed class DiskCheck(IEnumerable<WatchedFolder> folders, DoctorOptions options) : ICheck
{
    public string Name => "disk";

    public string Mend => "Is the volume mounted? Look at it with: df -h";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var folder in folders)
            yield return await LookAtAsync(folder, cancellation);
    }

    private async Task<Finding> LookAtAsync(WatchedFolder folder, CancellationToken cancellation)
    {
        var name = $"folder {folder.Name}";
        var file = Path.Combine(folder.Path, $".doctor-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder.Path);
            await File.WriteAllTextAsync(file, "1", cancellation);
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(name, $"nothing can be written to {folder.Path}: {e.Message}", "Mount a volume there that this process's user may write to, or set another folder (Blobs:CacheFolder, Trainer:Scratch, Ingest:WorkFolder).");
        }
        var free = (Room.DriveOf(folder.Path)?.AvailableFreeSpace ?? 0) >> 20;
        return free >= options.LeastFreeMiB
            ? new Finding(name, $"{free} MiB are free in {folder.Path}")
            : new Finding(name, $"{free} MiB are free in {folder.Path}, less than {options.LeastFreeMiB} (Doctor:LeastFreeMiB)", "Make room, or give it a larger volume: docs/runbooks/disk-filling.md.");
    }
}
