using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Drills;

/// <summary>What a fault must not do, read from before and after.</summary>
internal static class Findings
{
    public static IReadOnlyList<string> DropsLost(Snapshot before, Snapshot after) =>
    [
        .. before.Drops.Where(drop => after.Drops.All(other => other.Drop != drop.Drop)).Select(drop => $"{Snapshot.NameOf(drop)} is gone"),
        .. before.Datasets.Where(dataset => after.Datasets.All(other => other.Name != dataset.Name)).Select(dataset => $"dataset {dataset.Name} is gone"),
        .. before.Datasets.Join(after.Datasets, old => old.Name, now => now.Name, (old, now) => (old, now)).Where(pair => pair.now.Generation < pair.old.Generation)
            .Select(pair => $"dataset {pair.old.Name} went back from {pair.old.Version} to {pair.now.Version}"),
    ];

    public static IReadOnlyList<string> PromotionsLost(Snapshot before, Snapshot after) =>
        [.. before.Ledger.Where(row => !after.Ledger.Any(other => Same(row, other))).Select(row => $"generation {row.Generation} of line {row.Line}, version {row.Version}, is not in the ledger any more")];

    /// <summary>Those that were there before the fault are not its doing.</summary>
    public static IReadOnlyList<string> PromotionsDoubled(Snapshot before, Snapshot after) => [.. Doubled(after).Except(Doubled(before))];

    public static IReadOnlyList<string> CyclesFailed(Snapshot before, Snapshot after) =>
        [.. after.Cycles.Where(cycle => cycle.State == CycleStates.Failed && before.Cycles.Any(old => old.Id == cycle.Id && Snapshot.IsUnderWay(old))).Select(cycle => $"{cycle.Id}: {cycle.Reason}")];

    /// <summary>Cycles that were there, and are not.</summary>
    public static IEnumerable<string> CyclesGone(Snapshot before, Snapshot after) =>
        before.Cycles.Where(cycle => after.Cycles.All(other => other.Id != cycle.Id)).Select(cycle => $"{cycle.Id} is gone");

    private static bool Same(LedgerView row, LedgerView other) => (row.Line, row.Generation, row.Version) == (other.Line, other.Generation, other.Version);

    private static IEnumerable<string> Doubled(Snapshot snapshot) =>
    [
        .. snapshot.Ledger.Where(row => row is { Kind: "promotion", Cycle: not null }).GroupBy(row => row.Cycle).Where(rows => rows.Count() > 1)
            .Select(rows => $"cycle {rows.Key} was promoted {rows.Count()} times"),
        .. snapshot.Ledger.GroupBy(row => (row.Line, row.Generation)).Where(rows => rows.Count() > 1).Select(rows => $"generation {rows.Key.Generation} of line {rows.Key.Line} is there {rows.Count()} times"),
    ];
}
