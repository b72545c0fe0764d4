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

/// <param name="Word">The reason in one of <see cref="FiringWords"/>.</param>
public sealed record ScheduleAnswer(bool Fires, string Reason, string Word);

/// <summary>Whether a time of a schedule fires, and why not. A pure function.</summary>
public static class SchedulePolicy
{
    public static ScheduleAnswer Decide(ScheduleFacts facts) => Refusal(facts) is { } refusal
        ? refusal
        : new(true, (facts.Missed ? "caught up: it was due while nobody looked" : "on time") + (facts.Active is { } cycle ? $"; queued behind {cycle}" : ""), FiringWords.Fired);

    private static ScheduleAnswer? Refusal(ScheduleFacts facts)
    {
        if (facts.PausedBy is { } who)
            return No($"paused by {who}", FiringWords.Paused);
        if (facts.Missed && facts.CatchUp == CatchUp.None)
            return No("missed: it was due while nobody looked, and the schedule does not catch up", FiringWords.Missed);
        if (facts.NothingToTrain is { } nothing)
            return No(nothing, FiringWords.NothingToTrain);
        if (facts.OverBudget is { } budget)
            return No(budget, FiringWords.OverBudget);
        if (facts.Waiting is { } earlier)
            return No($"collapsed into the firing of {earlier.UtcDateTime:u}, whose cycle has not begun yet", FiringWords.Collapsed);
        return facts.Active is { } cycle && facts.Overlap == Overlap.Skip ? No($"skipped: {cycle}", FiringWords.Overlap) : null;
    }

    private static ScheduleAnswer No(string reason, string word) => new(false, reason, word);
}
