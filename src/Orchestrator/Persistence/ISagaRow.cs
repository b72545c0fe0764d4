namespace VerSemi.Orchestrator.Persistence;

/// <summary>What <see cref="OrchestratorDb"/> keeps for every saga: its version, its times, and a timeline row per change of state.</summary>
public interface ISagaRow
{
    /// <summary>"cycle" or "run", as the timeline says it.</summary>
    string Kind { get; }
    string Id { get; }
    string State { get; }
    string? Reason { get; }

    /// <summary>Concurrency token.</summary>
    int Version { get; set; }
    DateTimeOffset CreatedAt { get; set; }
    DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When the sweep rings (again) for what the state waits for; null where it waits for nothing that could be rung for.</summary>
    DateTimeOffset? DueAt { get; set; }

    /// <summary>When the sweep last rang; written by the sweep alone.</summary>
    DateTimeOffset? RungAt { get; set; }

    /// <summary>W3C trace context of what began it: everything that is done for it, by whatever process and after whatever crash, joins that trace.</summary>
    string? TraceParent { get; set; }
}
