using System.Collections.Concurrent;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>What this process last recorded of each line, and the comparisons it made: so that a second in which nothing happens costs nothing.</summary>
internal sealed class DataTriggerMemory
{
    private readonly ConcurrentDictionary<string, string> _recorded = new();
    private readonly ConcurrentDictionary<(string Dataset, string? From, string To), DatasetChange> _changes = new();

    public bool IsNews(string line, string key) => _recorded.GetValueOrDefault(line) != key;

    public void Keep(string line, string key) => _recorded[line] = key;

    public DatasetChange? Find(string dataset, string? from, string to) => _changes.GetValueOrDefault((dataset, from, to));

    public void Keep(string dataset, string? from, string to, DatasetChange change) => _changes[(dataset, from, to)] = change;
}

/// <summary>From one version of a dataset to another.</summary>
internal sealed record DatasetChange(int Labelled, int Unlabelled, IReadOnlyList<string> TasksBefore, IReadOnlyList<string> TasksNow);
