using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Live;

/// <summary>
/// The timeline's rows in the order of their ids, each once. On PostgreSQL an id is given out before its row can be seen,
/// and another row with a higher id may be seen first: where an id is missing, what comes after it waits until every
/// transaction that could still bring it has ended.
/// </summary>
internal sealed class TimelineReader(TimeProvider time)
{
    /// <summary>Rows taken at a time.</summary>
    public const int AtATime = 500;

    /// <summary>Our transactions are a handful of small statements. A foreign one that is open for long shall not hold everything up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private (long After, long OpenBefore, long Since)? _gap;

    /// <summary>The id up to which all rows were read.</summary>
    public long Position { get; private set; }

    /// <summary>Begins at now: all rows up to <see cref="Position"/> can be seen by then.</summary>
    public async Task StartAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        Position = await db.Timeline.MaxAsync(row => (long?)row.Id, cancellation) ?? 0;
        var (started, since) = ((await db.TransactionsAsync(cancellation)).Next, time.GetTimestamp());
        while ((await db.TransactionsAsync(cancellation)).OldestOpen < started && time.GetElapsedTime(since) < Patience)
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        _gap = null;
    }

    /// <summary>What comes after <see cref="Position"/>; again the same until <see cref="Advance"/> says that it was told.</summary>
    public async Task<List<TimelineRow>> ReadAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        // Before the rows: what had ended by then is seen by the query.
        var open = await db.TransactionsAsync(cancellation);
        var rows = await db.Timeline.AsNoTracking().Where(row => row.Id > Position).OrderBy(row => row.Id).Take(AtATime).ToListAsync(cancellation);
        var sure = 0;
        for (var last = Position; sure < rows.Count && (rows[sure].Id == last + 1 || !open.CanReorder || IsOver(last, open)); sure++)
            last = rows[sure].Id;
        return rows[..sure];
    }

    public void Advance(IReadOnlyList<TimelineRow> told) => Position = told.Count > 0 ? told[^1].Id : Position;

    /// <summary>Whether what is missing after a row will never come: its transaction was rolled back.</summary>
    private bool IsOver(long last, OpenTransactions open)
    {
        if (_gap is not { } gap || gap.After != last)
        {
            _gap = (last, open.Next, time.GetTimestamp());
            return false;
        }
        return open.OldestOpen >= gap.OpenBefore || time.GetElapsedTime(gap.Since) >= Patience;
    }
}
