using System.Collections.Concurrent;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>Starts that this process sent lately: their messages may wait behind many others. Forgotten with the process: a start that comes twice is one cycle.</summary>
internal sealed class SentStarts(OrchestratorOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _sent = new();

    public bool WasLately(string cycle) => _sent.TryGetValue(cycle, out var at) && time.GetElapsedTime(at) < options.RingAgain;

    public void Keep(string cycle) => _sent[cycle] = time.GetTimestamp();
}
