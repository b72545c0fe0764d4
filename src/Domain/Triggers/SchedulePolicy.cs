namespace VerSemi.Domain.Triggers;

/// <summary>What a schedule does while its line has an active cycle.</summary>
public static class Overlap
{
    public const string Skip = "skip";
    public const string Queue = "queue";
}

/// <summary>What a schedule does about times that passed while nobody looked.</summary>
public static class CatchUp
{
    public const string None = "none";
    public const string One = "one";
}

/// <summary>All that decides whether a schedule's time fires.</summary>
/// <param name="PausedBy">Null where it is not paused.</param>
/// <param name="Missed">Nobody looked when the time was due.</param>
/// <param name="NothingToTrain">The reason, where there is no labelled training data.</param>
/// <param name="OverBudget">The reason, see <see cref="TriggerPolicy.BudgetRefusal"/>.</param>
/// <param name="Waiting">An earlier time of the schedule that fired and whose cycle has not begun yet.</param>
/// <param name="Active">The line's active cycle and its state, in words; null where there is none.</param>
public sealed record ScheduleFacts(
    string Overlap, string CatchUp, string? PausedBy = null, bool Missed = false, string? NothingToTrain = null, string? OverBudget = null,
    DateTimeOffset? Waiting = null, string? Active = null);

public sealed record ScheduleAnswer(bool Fires, string Reason);

/// <summary>Whether a time of a schedule fires, and why not. A pure function.</summary>
public static class SchedulePolicy
{
    public static ScheduleAnswer Decide(ScheduleFacts facts) => Refusal(facts) is { } refusal
        ? new(false, refusal)
        : new(true, (facts.Missed ? "caught up: it was due while nobody looked" : "on time") + (facts.Active is { } cycle ? $"; queued behind {cycle}" : ""));

    private static string? Refusal(ScheduleFacts facts)
    {
        if (facts.PausedBy is { } who)
            return $"paused by {who}";
        if (facts.Missed && facts.CatchUp == CatchUp.None)
            return "missed: it was due while nobody looked, and the schedule does not catch up";
        if ((facts.NothingToTrain ?? facts.OverBudget) is { } reason)
            return reason;
        if (facts.Waiting is { } earlier)
            return $"collapsed into the firing of {earlier.UtcDateTime:u}, whose cycle has not begun yet";
        return facts.Active is { } cycle && facts.Overlap == Overlap.Skip ? $"skipped: {cycle}" : null;
    }
}
