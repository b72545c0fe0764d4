namespace VerSemi.Cli.Drills;

/// <summary>What came of a drill. Times are seconds since the fault began; null: not seen.</summary>
/// <param name="OverAfter">When the fault was over: its command had ended, and that which restores.</param>
/// <param name="RecoveredAfter">When work was seen to go on. As exact as the platform's heartbeat.</param>
/// <param name="Within">What was allowed for that.</param>
/// <param name="UnderWay">What the fault could harm.</param>
/// <param name="Stuck">Has not ended, and nothing moved in it for long.</param>
/// <param name="StillUnderWay">Moves, but had not ended when the drill did.</param>
/// <param name="Unanswered">Why the end could not be read; null where it could.</param>
internal sealed record DrillReport(
    string Drill, string Inject, string? Restore, DateTimeOffset At,
    double? NoticedAfter, string? NoticedBy, double? OverAfter, double? RecoveredAfter, string? RecoveredBy, double Within, double WatchedFor,
    IReadOnlyList<string> UnderWay, IReadOnlyList<string> DropsLost, IReadOnlyList<string> PromotionsLost, IReadOnlyList<string> PromotionsDoubled,
    IReadOnlyList<string> CyclesFailed, IReadOnlyList<string> Stuck, IReadOnlyList<string> StillUnderWay, string? Unanswered)
{
    public bool Passed => Unanswered is null && RecoveredAfter <= Within && DropsLost.Count + PromotionsLost.Count + PromotionsDoubled.Count + CyclesFailed.Count + Stuck.Count == 0;
}
