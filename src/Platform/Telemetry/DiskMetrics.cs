using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VerSemi.Platform.Telemetry;

/// <summary>A folder that fills: "cache", "scratch", "work", ….</summary>
/// <param name="Name">Label of its metrics.</param>
/// <param name="Path">Need not be there yet.</param>
public sealed record WatchedFolder(string Name, string Path);

/// <summary>How much room is left where this process writes: of the folder's file system, which it may share with others.</summary>
internal sealed class DiskMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter;

    public DiskMetrics(IMeterFactory meters, IEnumerable<WatchedFolder> folders)
    {
        _meter = meters.Create(Telemetry.SourceName);
        var watched = folders.ToList();
        _meter.CreateObservableGauge("versemi.disk.free", () => Measure(watched, drive => drive.AvailableFreeSpace), "By", "Room that is left for this process");
        _meter.CreateObservableGauge("versemi.disk.size", () => Measure(watched, drive => drive.TotalSize), "By", "All room of the file system");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Measure(IReadOnlyList<WatchedFolder> folders, Func<DriveInfo, long> of)
    {
        foreach (var folder in folders)
            if (Room.DriveOf(folder.Path) is { } drive)
                yield return new Measurement<long>(of(drive), new KeyValuePair<string, object?>("folder", folder.Name));
    }
}

/// <summary>File systems, by a path on them.</summary>
public static class Room
{
    /// <summary>Of the nearest folder that is there; null where its file system does not answer.</summary>
    public static DriveInfo? DriveOf(string path)
    {
        var folder = System.IO.Path.GetFullPath(path);
        while (!Directory.Exists(folder))
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new ArgumentException($"'{path}' is on no file system.", nameof(path));
        var drive = new DriveInfo(folder);
        return drive.IsReady ? drive : null;
    }
}

public static class DiskMetricsRegistration
{
    /// <summary>This folder's file system is shown in the metrics.</summary>
    public static IServiceCollection WatchFolder(this IServiceCollection services, string name, Func<IServiceProvider, string> path) =>
        services.AddSingleton(provider => new WatchedFolder(name, path(provider)));
}
