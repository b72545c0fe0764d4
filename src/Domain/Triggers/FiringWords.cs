namespace VerSemi.Domain.Triggers;

/// <summary>Why a schedule or a data trigger fired, or did not, in one word each: what can be counted.</summary>
public static class FiringWords
{
    public const string Fired = "fired";
    public const string Paused = "paused";
    public const string Missed = "missed";
    public const string NothingToTrain = "nothing_to_train";
    public const string OverBudget = "over_budget";
    public const string Collapsed = "collapsed";
    public const string Overlap = "overlap";
    public const string Superseded = "superseded";
    public const string TooLittle = "too_little";
    public const string TooSoon = "too_soon";

    /// <summary>Of a cron schedule.</summary>
    public static IReadOnlyList<string> SkipsOfSchedules { get; } = [Paused, Missed, NothingToTrain, OverBudget, Collapsed, Overlap, Superseded];

    /// <summary>Of new data.</summary>
    public static IReadOnlyList<string> SkipsOfData { get; } = [TooLittle, TooSoon, OverBudget];

    public static string Of(TriggerWord word) => word switch
    {
        TriggerWord.Fire => Fired,
        TriggerWord.TooLittle => TooLittle,
        TriggerWord.TooSoon => TooSoon,
        _ => OverBudget,
    };
}
