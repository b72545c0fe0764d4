using System.Collections.Concurrent;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>
/// Heads whose content is in the database, by their ETags, and which of all to ask for now: those that are new or were
/// named by a hint, and of the others a bounded number in turn.
/// </summary>
internal sealed class KnownHeads(TimeProvider time)
{
    /// <summary>Heads asked for in one look. With more datasets a lost hint costs so many looks more.</summary>
    public const int AtATime = 50;

    /// <summary>In place of an ETag, for a dataset whose first commit is still to come.</summary>
    public const string None = "";

    private readonly ConcurrentDictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _hinted = new(StringComparer.Ordinal);
    private readonly Rotation _rotation = new(time);

    public void Hint(string dataset) => _hinted[dataset] = true;

    /// <param name="all">All there are; others are forgotten.</param>
    public IReadOnlyList<string> Choose(IReadOnlyList<string> all)
    {
        foreach (var gone in _tags.Keys.Except(all))
            _tags.TryRemove(gone, out _);
        var hinted = _hinted.Keys.Where(name => _hinted.TryRemove(name, out _)).ToList();
        return [.. all.Where(name => !_tags.ContainsKey(name)).Concat(hinted.Intersect(all)).Concat(_rotation.Next([.. _tags.Keys], AtATime)).Distinct()];
    }

    public bool IsKnown(string dataset, string tag) => _tags.GetValueOrDefault(dataset) == tag;

    public void Took(string dataset, string tag) => _tags[dataset] = tag;
}
