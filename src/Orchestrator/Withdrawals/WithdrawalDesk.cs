using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Withdrawals;

/// <summary>Takes withdrawals down, and asks Ingest until each is answered: the row is the truth.</summary>
internal sealed class WithdrawalDesk(OrchestratorDb db, IMessageBus bus, WithdrawalTargets targets, OrchestratorOptions options)
{
    /// <summary>What is still being withdrawn is not asked for twice: its row is the answer. After its end it is erased once more, whatever came back.</summary>
    public async Task<WithdrawalRow> TakeAsync(Withdraw request, CancellationToken cancellation)
    {
        var (who, why) = (Problems.RequireWho(request.Who), RequireWhy(request.Why));
        var target = await targets.ResolveAsync(request, cancellation);
        if (await db.Withdrawals.AsNoTracking().FirstOrDefaultAsync(
            row => row.DoneAt == null && row.Dataset == target.Dataset && row.Case == target.Case && row.Patient == target.Patient, cancellation) is { } same)
            return same;
        var now = db.Clock.Now;
        var row = new WithdrawalRow
        {
            Id = $"w-{ContentHash.Abbreviate(ContentHash.Of((target.Dataset, target.Case, target.Patient, now.UtcTicks).ToString()))}",
            Dataset = target.Dataset,
            Case = target.Case,
            Patient = target.Patient,
            Who = who,
            Why = why,
            CreatedAt = now,
            DueAt = now,
        };
        db.Withdrawals.Add(row);
        db.Note("dataset", row.Dataset ?? "", "withdrawal asked", $"{row.Id}: {Words(row)}: {why}", who);
        await db.SaveChangesAsync(cancellation);
        return row;
    }

    /// <summary>The sweep's part.</summary>
    public async Task RingAsync(CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        foreach (var due in await db.Withdrawals.AsNoTracking().Where(row => row.DueAt != null && row.DueAt <= now).OrderBy(row => row.CreatedAt).ToListAsync(cancellation))
        {
            await bus.SendAsync(Queues.Ingest, new WithdrawCases(due.Id, due.CreatedAt, due.Dataset, due.Case, due.Patient), cancellation);
            var later = now + options.RingAgain;
            await db.Withdrawals.Where(row => row.Id == due.Id && row.DoneAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, later), cancellation);
        }
    }

    public static string Words(WithdrawalRow row) =>
        row.Case is { } named ? $"case {row.Dataset}/{named}" : $"patient '{row.Patient}' {(row.Dataset is null ? "in every dataset" : $"in dataset {row.Dataset}")}";

    private static string RequireWhy(string? why) => string.IsNullOrWhiteSpace(why)
        ? throw new DomainException("'why' is missing: say why the data must go, it is kept as long as the withdrawal's record. Name no person in it.")
        : why;
}
