using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Output;

internal static class Timeline
{
    public static void Show(Out output, IReadOnlyList<TimelineView> rows) => output.Table("Timeline", rows,
        ("at", row => row.At), ("event", row => row.Event), ("state", row => row.To is null ? null : $"{row.From ?? "·"} → {row.To}"),
        ("detail", row => row.Detail), ("who", row => row.Who));
}
