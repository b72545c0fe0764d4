using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>
/// The sweep's part for cron schedules. A time that is due is decided and recorded in the SaveChanges that moves the
/// schedule on, so of any number of replicas one does it; then <see cref="FiringStarts"/> brings about its cycle.
/// </summary>
internal sealed class ScheduleSweep(OrchestratorDb db, LineFacts facts, FiringStarts starts)
{
    /// <summary>A sweep looks each second: a time that is this late was due while nobody looked.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task LookAsync(CancellationToken cancellation)
    {
        var errors = new List<Exception>();
        foreach (var name in await DueAsync(cancellation))
            await TryAsync(name, () => PassAsync(name, cancellation), errors);
        foreach (var firing in await starts.WaitingAsync(cancellation))
            await TryAsync(firing.Schedule, () => starts.StartAsync(firing, cancellation), errors);
        if (errors.Count > 0)
            throw new AggregateException(string.Join("; ", errors.Select(error => error.Message)), errors);
    }

    private Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        return db.Schedules.Where(row => row.NextDue <= now).OrderBy(row => row.NextDue).Select(row => row.Name).ToListAsync(cancellation);
    }

    /// <summary>One schedule's trouble keeps no other back.</summary>
    private async Task TryAsync(string schedule, Func<Task> work, List<Exception> errors)
    {
        db.ChangeTracker.Clear();
        try
        {
            await work();
        }
        catch (DbUpdateException)
        {
            // Another replica did it: the next look sees.
        }
        catch (Exception e) when (e is DomainException or TimeZoneNotFoundException)
        {
            errors.Add(new DomainException($"schedule '{schedule}': {e.Message}", e));
        }
    }

    private async Task PassAsync(string name, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        if (await db.Schedules.FirstOrDefaultAsync(row => row.Name == name && row.NextDue <= now, cancellation) is not { } row)
            return;
        var table = Timetable.Of(row);
        var passed = Passed.Of(row, table, now);
        var answer = SchedulePolicy.Decide(await FactsAsync(row, missed: now - table.Due(passed.Last) > Grace, cancellation));
        if (passed.Count > 1)
            await RecordAsync(row, passed.First, new(false, $"superseded by {passed.Last.UtcDateTime:u}: {passed.Earlier} while nobody looked", FiringWords.Superseded), cancellation);
        await RecordAsync(row, passed.Last, answer, cancellation);
        if (answer.Fires)
            row.LastFired = passed.Last;
        row.MoveOn(table, passed.Last);
        await db.SaveChangesAsync(cancellation);
    }

    private async Task<ScheduleFacts> FactsAsync(ScheduleRow row, bool missed, CancellationToken cancellation)
    {
        var last = await db.LastCycleAsync(row.Line, cancellation);
        return new ScheduleFacts(
            row.Overlap, row.CatchUp, row.Paused ? row.PausedBy ?? "someone" : null, missed,
            await facts.NothingToTrainAsync(cancellation),
            facts.PolicyOf(row.Line).BudgetRefusal(await facts.ActivityAsync(row.Line, last, cancellation)),
            await starts.IsUnbegunAsync(row, cancellation) ? row.LastFired : null,
            LineFacts.Active(last));
    }

    // A schedule of this name may have been removed and made again: a time that has its row keeps it.
    private async Task RecordAsync(ScheduleRow row, DateTimeOffset time, ScheduleAnswer answer, CancellationToken cancellation)
    {
        var key = Timetable.Key(time);
        if (await db.Firings.AnyAsync(firing => firing.Schedule == row.Name && firing.Line == row.Line && firing.Key == key, cancellation))
            return;
        db.Firings.Add(new FiringRow
        {
            Schedule = row.Name,
            Line = row.Line,
            Key = key,
            ScheduledFor = time,
            At = db.Clock.Now,
            Fired = answer.Fires,
            Reason = answer.Reason,
            Word = answer.Word,
        });
    }
}
