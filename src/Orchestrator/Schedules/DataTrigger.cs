using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>Whether new data starts a line's next cycle. Each answer is recorded once: when the data or the answer changes, not each second.</summary>
internal sealed class DataTrigger(OrchestratorDb db, PendingData data, LineFacts facts, DataTriggerMemory memory)
{
    /// <summary>In the place of a schedule's name.</summary>
    public const string Name = "data";

    /// <param name="last">The line's last cycle, which is over; null before the first.</param>
    /// <param name="datasets">As they are now; the version of at least one is not the last cycle's.</param>
    /// <param name="next">The id that the next cycle will have, whoever starts it.</param>
    public async Task<bool> FiresAsync(string line, LastCycle? last, IReadOnlyList<DatasetRow> datasets, string next, CancellationToken cancellation)
    {
        var change = await data.ChangeAsync(last?.Datasets, datasets, cancellation);
        var answer = facts.PolicyOf(line).Decide(change, await facts.ActivityAsync(line, last, cancellation), db.Clock.Now);
        var pending = datasets.Where(head => last?.Datasets.GetValueOrDefault(head.Name) != head.Version).Select(head => $"{head.Name}/{head.Version}");
        var key = ContentHash.OfText(string.Join('\n', [(last?.Number ?? 0).ToString(CultureInfo.InvariantCulture), answer.Word.ToString(), .. pending.Order(StringComparer.Ordinal)]));
        if (memory.IsNews(line, key))
            await RecordAsync(line, key, answer, next, cancellation);
        return answer.Fires;
    }

    private async Task RecordAsync(string line, string key, TriggerAnswer answer, string next, CancellationToken cancellation)
    {
        if (!await db.Firings.AnyAsync(row => row.Schedule == Name && row.Line == line && row.Key == key, cancellation))
        {
            var row = new FiringRow
            {
                Schedule = Name,
                Line = line,
                Key = key,
                At = db.Clock.Now,
                Fired = answer.Fires,
                Reason = answer.Reason,
                Word = FiringWords.Of(answer.Word),
                Cycle = answer.Fires ? next : null,
            };
            db.Firings.Add(row);
            try
            {
                await db.SaveChangesAsync(cancellation);
            }
            catch (DbUpdateException) when (db.Firings.AsNoTracking().Any(other => other.Schedule == Name && other.Line == line && other.Key == key))
            {
                db.Entry(row).State = EntityState.Detached;
            }
        }
        memory.Keep(line, key);
    }
}
