using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Withdrawals;

/// <summary>
/// Ingest has erased: cycles that were on the data are cancelled, and once none is left the row says which models have
/// seen it. Until then Ingest is asked, and answers, again.
/// </summary>
internal sealed class WithdrawalAnswer(OrchestratorDb db, IBlobStore blobs, IMessageBus bus, DatasetHeads heads, KnownHeads known, SeenBy seenBy, PredictionErasure predictions) : IMessageHandler<CasesWithdrawn>
{
    public async Task HandleAsync(CasesWithdrawn message, CancellationToken cancellation)
    {
        if (!await db.Withdrawals.AnyAsync(row => row.Id == message.Withdrawal && row.DoneAt == null, cancellation)
            || await blobs.InspectJsonAsync<WithdrawalRecord>(BlobLayout.Withdrawal(message.Withdrawal), DomainJson.Readable, cancellation) is not { Value: { } record })
            return;
        // First: a cycle that still collects its data then takes the version without it.
        foreach (var dataset in record.Versions.Keys)
            known.Hint(dataset);
        await heads.ReconcileAsync(cancellation);
        var images = record.Images.ToHashSet();
        if (await CancelAsync(message.Withdrawal, images, cancellation))
        {
            // Only now: no evaluation is under way that could write one more.
            var erased = await predictions.EraseAsync(images, cancellation);
            await FinishAsync(message.Withdrawal, record, erased, await seenBy.ModelsAsync(images, cancellation), cancellation);
        }
    }

    /// <returns>True where no cycle works on the data any more.</returns>
    private async Task<bool> CancelAsync(string withdrawal, HashSet<string> images, CancellationToken cancellation)
    {
        var none = true;
        var over = CycleStates.Final.Append(CycleStates.Collecting).ToArray();
        foreach (var cycle in await db.Cycles.AsNoTracking().Where(cycle => !over.Contains(cycle.State)).ToListAsync(cancellation))
            if (await seenBy.HoldsAnyAsync(cycle.Datasets, images, cancellation))
                none &= await IsOverAsync(cycle, new CancelCycle(cycle.Id, $"withdrawal {withdrawal}", "a case that it works on was withdrawn"), cancellation);
        return none;
    }

    private async Task<bool> IsOverAsync(Cycle cycle, CancelCycle cancel, CancellationToken cancellation)
    {
        // What the ledger has is promoted to its end, and is one of the models that saw it.
        if (cycle.State != CycleStates.Cancelling && cycle.Generation is null)
            await bus.AskAsync<CancelCycle, ActAnswer>(WorkflowQueues.Cycles, cancel, TimeSpan.FromSeconds(20), cancellation);
        return CycleStates.IsFinal(await db.Cycles.Where(row => row.Id == cycle.Id).Select(row => row.State).FirstAsync(cancellation));
    }

    private async Task FinishAsync(string withdrawal, WithdrawalRecord record, List<string> erased, List<string> models, CancellationToken cancellation)
    {
        // Not earlier: the heads' reconciliation forgets what is tracked where another was faster.
        if (await db.Withdrawals.FirstOrDefaultAsync(row => row.Id == withdrawal && row.DoneAt == null, cancellation) is not { } row)
            return;
        (row.DoneAt, row.DueAt, row.Erased, row.Models) = (db.Clock.Now, null, [.. record.Erased, .. erased], models);
        foreach (var dataset in record.Cases.Select(found => found.Dataset).Distinct().DefaultIfEmpty(row.Dataset ?? ""))
            db.Note("dataset", dataset, "withdrawn", $"{row.Id}: {WithdrawalDesk.Words(row)}; {row.Erased.Count} blobs erased; version {record.Versions.GetValueOrDefault(dataset, "–")}", row.Who);
        foreach (var line in models.GroupBy(model => model.Split('/')[0]))
            db.Note("line", line.Key, "withdrawn", $"{row.Id}: models that saw it: {string.Join("; ", line)}", row.Who);
        await db.SaveChangesAsync(cancellation);
    }
}
