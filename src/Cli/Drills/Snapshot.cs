using VerSemi.Cli.Client;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Drills;

/// <summary>What a fault must leave as it is, or let come to its end.</summary>
internal sealed record Snapshot(
    StatusView Status, IReadOnlyList<LedgerView> Ledger, IReadOnlyList<CycleView> Cycles, IReadOnlyList<DropView> Drops,
    IReadOnlyList<DatasetView> Datasets, IReadOnlyList<RunView> Runs)
{
    public static async Task<Snapshot> TakeAsync(ApiClient api, CancellationToken cancellation) => new(
        await api.GetAsync<StatusView>(Routes.Status, cancellation),
        await api.GetAsync<IReadOnlyList<LedgerView>>(Routes.Ledger, cancellation),
        await api.GetAsync<IReadOnlyList<CycleView>>(Routes.Cycles, cancellation),
        await api.GetAsync<IReadOnlyList<DropView>>(Routes.Drops, cancellation),
        await api.GetAsync<IReadOnlyList<DatasetView>>(Routes.Datasets, cancellation),
        await api.GetAsync<IReadOnlyList<RunView>>(Routes.Runs, cancellation));

    /// <summary>Cycles that no person has to move, and drops that Ingest has to.</summary>
    public IReadOnlyList<string> UnderWay =>
        [.. Cycles.Where(IsUnderWay).Select(cycle => cycle.Id), .. Drops.Where(IsOpen).Select(drop => NameOf(drop))];

    public static bool IsUnderWay(CycleView cycle) => !CycleStates.IsFinal(cycle.State) && cycle.State != CycleStates.AwaitingApproval;

    public static bool IsOpen(DropView drop) => drop.State == DropState.Waiting;

    public static string NameOf(DropView drop) => $"drop {drop.Drop}";
}
