using VerSemi.Cli.Drills;

namespace VerSemi.Cli.Output;

/// <summary>A drill's report for people.</summary>
internal static class DrillOutcome
{
    public static void Show(Out output, DrillReport report)
    {
        if (output.IsJson)
        {
            Out.Json(report);
            return;
        }
        output.Facts($"drill {report.Drill}",
            ("done", report.Inject), ("restored by", report.Restore),
            ("noticed", report.NoticedAfter is { } noticed ? $"after {Seconds(noticed)}: {report.NoticedBy}" : "not from outside"),
            ("over", report.OverAfter is { } over ? $"after {Seconds(over)}" : null),
            ("work went on", report.RecoveredAfter is { } recovered ? $"after {Seconds(recovered)} of {Seconds(report.Within)} allowed: {report.RecoveredBy}" : $"not seen within {Seconds(report.WatchedFor)}"),
            ("was under way", report.UnderWay.Count == 0 ? "nothing" : report.UnderWay), ("still under way", Named(report.StillUnderWay)),
            ("drops lost", report.DropsLost.Count), ("promotions lost", report.PromotionsLost.Count), ("promotions doubled", report.PromotionsDoubled.Count),
            ("cycles failed", report.CyclesFailed.Count), ("stuck", report.Stuck.Count), ("unanswered", report.Unanswered));
        foreach (var loss in report.DropsLost.Concat(report.PromotionsLost).Concat(report.PromotionsDoubled).Concat(report.CyclesFailed).Concat(report.Stuck.Select(name => $"stuck: {name}")))
            output.Line(loss);
        output.Line(report.Passed ? "Passed: nothing was lost, doubled or stuck." : "Not passed.");
    }

    private static string Seconds(double seconds) => $"{Out.Text(seconds)[..^2]} s";

    private static IReadOnlyList<string>? Named(IReadOnlyList<string> names) => names.Count == 0 ? null : names;
}
