using System.Collections.Concurrent;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>
/// Drops that have their report, as this process last saw them: listing all their files again with each question would
/// make it the dearer the longer the platform runs. Lost with the process, and made again by looking.
/// </summary>
internal sealed class KnownDrops(TimeProvider time)
{
    /// <summary>Where people put more into such a drop, a list shows it within this time, a question for this drop at once.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private const int AtATime = 50;

    private readonly ConcurrentDictionary<string, Drops.Drop> _known = new(StringComparer.Ordinal);
    private readonly Rotation _rotation = new(time);

    /// <summary>What needs no new look among these drops, which are all there are.</summary>
    public IReadOnlyDictionary<string, Drops.Drop> StillGood(IReadOnlyList<string> all)
    {
        foreach (var gone in _known.Keys.Except(all))
            _known.TryRemove(gone, out _);
        var good = new Dictionary<string, Drops.Drop>(_known, StringComparer.Ordinal);
        foreach (var turn in _rotation.Next(good.Keys, AtATime, Rest))
            good.Remove(turn);
        return good;
    }

    public void Saw(Drops.Drop drop)
    {
        if (drop.Report is not null)
            _known[drop.Name] = drop;
        else
            Forget(drop.Name);
    }

    public void Forget(string drop) => _known.TryRemove(drop, out _);
}
