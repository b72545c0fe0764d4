using VerSemi.Domain.Messages;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Metrics;

/// <summary>What is, as of one look at the database and the broker.</summary>
internal sealed record PlatformState
{
    public required IReadOnlyList<StateCount> Cycles { get; init; }
    public required IReadOnlyList<StateCount> Runs { get; init; }

    /// <summary>How long the oldest cycle of a state has been in it; states that end are not among them.</summary>
    public required IReadOnlyList<StateAge> CycleAges { get; init; }
    public required IReadOnlyList<WaitingWork> Waiting { get; init; }
    public required IReadOnlyList<WorkCount> Leases { get; init; }
    public required IReadOnlyList<TrainingNow> Trainings { get; init; }
    public required IReadOnlyList<LineState> Lines { get; init; }
    public required IReadOnlyList<ScheduleState> Schedules { get; init; }

    /// <summary>Damaged blobs of the last verification, or of the running one where it has found more; null before the first.</summary>
    public int? DamagedBlobs { get; init; }

    /// <summary>Since the last verification ended; null before the first.</summary>
    public TimeSpan? ScrubAge { get; init; }

    /// <summary>Null where the broker did not answer.</summary>
    public IReadOnlyList<QueueDepth>? Queues { get; init; }
}

internal sealed record StateCount(string Line, string State, int Count);

internal sealed record StateAge(string Line, string State, TimeSpan Age);

/// <param name="Age">How long the oldest has waited; 0 where none waits.</param>
internal sealed record WaitingWork(string Work, int Count, TimeSpan Age);

internal sealed record WorkCount(string Work, int Count);

/// <summary>A run that a worker has just now, by its last heartbeat.</summary>
internal sealed record TrainingNow(string Line, string Run, RunProgress Progress);

/// <param name="Version">In production; null before the first promotion.</param>
/// <param name="PromotionAge">Since the newest promotion; before the first, since the first cycle began; null before that.</param>
/// <param name="Unpromoted">Cycles that ended without a promotion since then.</param>
internal sealed record LineState(string Line, int? Version, IReadOnlyDictionary<string, double> Dice, TimeSpan? PromotionAge, int Unpromoted);

/// <param name="Skipped">How often in a row it did not fire.</param>
internal sealed record ScheduleState(string Schedule, string Line, int Skipped);
