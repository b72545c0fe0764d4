namespace VerSemi.Domain.Triggers;

/// <summary>
/// When new data starts a cycle of a line: enough of it, long enough after the last cycle, within the month's trainer
/// time. A pure function: what is now, is an argument. The defaults start a cycle for any change of a case.
/// </summary>
/// <param name="NewLabelled">This many labelled cases that are new, changed or gone are enough. Cases, ≥ 1.</param>
/// <param name="NewUnlabelled">So are this many unlabelled ones. Cases, ≥ 1.</param>
/// <param name="NewTask">So is a task that the line's last cycle did not know.</param>
/// <param name="MinimumDistance">From the start of the line's last cycle to that of the next; ≥ 0.</param>
/// <param name="MonthlyTrainerMinutes">Once attempts of the line took this long in the calendar month (UTC), nothing but a person starts a cycle; null: no limit.</param>
public sealed record TriggerPolicy(
    int NewLabelled = 1, int NewUnlabelled = 1, bool NewTask = true, TimeSpan MinimumDistance = default, double? MonthlyTrainerMinutes = null)
{
    public TriggerAnswer Decide(DataChange change, LineActivity line, DateTimeOffset now)
    {
        if (change.Labelled < NewLabelled && change.Unlabelled < NewUnlabelled && !(NewTask && change.NewTasks.Count > 0))
            return new(TriggerWord.TooLittle, $"{change} so far; a cycle takes {Wanted()}");
        if (line.LastStarted is { } last && last + MinimumDistance > now)
            return new(TriggerWord.TooSoon, $"{change}; the last cycle began at {last.UtcDateTime:u}, the next may at {(last + MinimumDistance).UtcDateTime:u}");
        return BudgetRefusal(line) is { } refusal ? new(TriggerWord.OverBudget, refusal) : new(TriggerWord.Fire, $"new data: {change}");
    }

    /// <summary>Why the line may not train any more this month; null where it may. Holds for cron schedules as well.</summary>
    public string? BudgetRefusal(LineActivity line) =>
        MonthlyTrainerMinutes is { } limit && line.TrainerMinutesThisMonth >= limit
            ? $"the month's budget of {limit:0.#} trainer minutes is used up: {line.TrainerMinutesThisMonth:0.#}"
            : null;

    public IEnumerable<string> Errors()
    {
        if (NewLabelled < 1)
            yield return $"NewLabelled is {NewLabelled}: it must be at least 1 case.";
        if (NewUnlabelled < 1)
            yield return $"NewUnlabelled is {NewUnlabelled}: it must be at least 1 case.";
        if (MinimumDistance < TimeSpan.Zero)
            yield return $"MinimumDistance is {MinimumDistance}: it must not be negative.";
        if (MonthlyTrainerMinutes is { } minutes && !(minutes > 0))
            yield return $"MonthlyTrainerMinutes is {minutes}: it must be above zero, or absent for no limit.";
    }

    private string Wanted() => $"{NewLabelled} labelled or {NewUnlabelled} unlabelled cases{(NewTask ? " or a new task" : "")}";
}

/// <summary>What a line's last cycle has not seen.</summary>
/// <param name="NewTasks">Ids.</param>
public sealed record DataChange(int Labelled, int Unlabelled, IReadOnlyList<string> NewTasks)
{
    public override string ToString() =>
        $"{Labelled} labelled and {Unlabelled} unlabelled cases, {(NewTasks.Count == 0 ? "no new task" : $"new tasks {string.Join(", ", NewTasks)}")}";
}

/// <param name="LastStarted">When the line's last cycle began; null before the first.</param>
/// <param name="TrainerMinutesThisMonth">Of all attempts of the line's runs since the month began, UTC.</param>
public sealed record LineActivity(DateTimeOffset? LastStarted, double TrainerMinutesThisMonth);

public enum TriggerWord { Fire, TooLittle, TooSoon, OverBudget }

public sealed record TriggerAnswer(TriggerWord Word, string Reason)
{
    public bool Fires => Word == TriggerWord.Fire;
}
