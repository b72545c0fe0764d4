using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow.Steps;

/// <summary>
/// Write new, then point: a version number, the model's blobs, the ledger's row (with the cycle's generation, in one
/// transaction: a cycle that was cancelled or promoted meanwhile refuses it by its concurrency token), production.json.
/// </summary>
internal sealed class PromoteStep(OrchestratorDb db, IMessageBus bus, Registry registry, Production production, ModelCheck check) : CycleStep<PromoteCycle>(db, bus)
{
    protected override async Task WorkAsync(Cycle cycle, CancellationToken cancellation)
    {
        if (cycle.Generation is null)
        {
            await production.RequireNewerThanStoreAsync(cycle.Line, cancellation);
            var version = await registry.NumberAsync(cycle.Line, cycle.Run!, cycle.Id, cancellation);
            var contents = await registry.CopyAsync(cycle, version, cancellation);
            await check.RequireSoundAsync(BlobLayout.Model(cycle.Line, version), cancellation);
            await WriteLedgerAsync(cycle.Id, version, contents, cancellation);
        }
        await production.PointAsync(cycle.Line, cancellation);
        await AnswerAsync(new CyclePromoted(cycle.Id), cancellation);
    }

    private async Task WriteLedgerAsync(string id, int version, ModelContents contents, CancellationToken cancellation)
    {
        var cycle = await Db.Cycles.FirstAsync(row => row.Id == id, cancellation);
        if (cycle.State != CycleStates.Promoting || cycle.Generation is not null)
            return;
        var model = await Db.Models.FirstAsync(row => row.Line == cycle.Line && row.Version == version, cancellation);
        contents.FillIn(model);
        var row = await production.AppendAsync(cycle.Line, version, "promotion", cycle.ApprovedBy, cycle.ApprovedWhy ?? cycle.Reason, cancellation);
        (row.Cycle, row.Judgement) = (cycle.Id, cycle.Judgement);
        row.SealedSetUses = await Db.Cycles.CountAsync(other => other.Line == cycle.Line && other.SealedSet == cycle.SealedSet, cancellation);
        (cycle.Model, cycle.Generation) = (version, row.Generation);
        await Db.SaveChangesAsync(cancellation);
    }
}
