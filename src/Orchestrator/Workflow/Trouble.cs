using System.Collections.Concurrent;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>What keeps the sweep from its work at the moment, by part; shown by the status.</summary>
internal sealed class Trouble
{
    private readonly ConcurrentDictionary<string, string> _parts = new();

    public IReadOnlyList<string> Now => [.. _parts.Select(part => $"{part.Key}: {part.Value}").Order(StringComparer.Ordinal)];

    /// <summary>True where it is news.</summary>
    public bool Is(string part, string what)
    {
        var news = !_parts.TryGetValue(part, out var before) || before != what;
        _parts[part] = what;
        return news;
    }

    public void Over(string part) => _parts.TryRemove(part, out _);
}
