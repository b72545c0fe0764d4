using Microsoft.Extensions.Options;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Sweep;

internal sealed record OpenDrops(int Count, TimeSpan Oldest);

/// <summary>Every drop of incoming/, and which of them a look must list.</summary>
internal sealed class DropWatches(TimeProvider time, IOptions<IngestOptions> options)
{
    private readonly Dictionary<string, DropWatch> _watches = [];
    private readonly Rotation _rotation = new(time);
    private long _chosen = time.GetTimestamp();

    /// <summary>
    /// First what is new, hinted at or not done, then of the done ones as many as keep the promise that each has its turn
    /// within <see cref="IngestOptions.RelookWithin"/>.
    /// </summary>
    /// <param name="drops">All there are; others are forgotten.</param>
    public IReadOnlyList<string> Choose(IReadOnlyCollection<string> drops, IReadOnlyCollection<string> hinted)
    {
        foreach (var gone in _watches.Keys.Except(drops).ToList())
            _watches.Remove(gone);
        var done = drops.Where(drop => _watches.GetValueOrDefault(drop) is { Done: true }).ToList();
        var share = Math.Min(1, time.GetElapsedTime(_chosen) / options.Value.RelookWithin);
        _chosen = time.GetTimestamp();
        var turn = _rotation.Next(done, (int)Math.Ceiling(share * done.Count));
        var open = drops.Except(done).Where(drop => _watches.GetValueOrDefault(drop) is not { LookIsDue: false });
        return [.. open.Concat(hinted.Intersect(drops)).Concat(turn).Distinct()];
    }

    /// <summary>How many have no report yet, and how long the oldest of them has been seen without one.</summary>
    public OpenDrops Open()
    {
        var open = _watches.Values.Where(watch => !watch.Done).ToList();
        return new OpenDrops(open.Count, open.Select(watch => watch.OpenFor).DefaultIfEmpty().Max());
    }

    public DropWatch Of(string drop)
    {
        if (!_watches.TryGetValue(drop, out var watch))
            _watches[drop] = watch = new DropWatch(time, options.Value);
        return watch;
    }
}
