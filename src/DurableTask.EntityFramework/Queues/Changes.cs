using System.Collections.Concurrent;

namespace DurableTask.EntityFramework.Queues;

/// <summary>Wakes callers of this process that wait for an instance to change.</summary>
internal sealed class Changes
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    public Task NextAsync(string instance) =>
        _waiting.GetOrAdd(instance, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Notify(IEnumerable<string> instances)
    {
        foreach (var instance in instances)
            if (_waiting.TryRemove(instance, out var waiting))
                waiting.SetResult();
    }
}
