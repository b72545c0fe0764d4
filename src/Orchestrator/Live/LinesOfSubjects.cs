using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Live;

/// <summary>Which line a run or a cycle belongs to; it never changes.</summary>
internal sealed class LinesOfSubjects
{
    private readonly Dictionary<(string Kind, string Subject), string> _known = [];

    public async Task<IEnumerable<LiveEvent>> EventsAsync(OrchestratorDb db, IReadOnlyList<TimelineRow> rows, CancellationToken cancellation)
    {
        await LearnAsync("cycle", [.. rows.Where(row => row.Kind == "cycle").Select(row => row.Subject)],
            ids => db.Cycles.Where(cycle => ids.Contains(cycle.Id)).Select(cycle => new Known(cycle.Id, cycle.Line)), cancellation);
        await LearnAsync("run", [.. rows.Where(row => row.Kind == "run").Select(row => row.Subject)], ids => RunsOf(db, ids), cancellation);
        return rows.Select(row => new LiveEvent(
            row.Id, row.Kind, row.Subject, Of(row.Kind, row.Subject), row.At, row.Event, row.From, row.To, row.Detail, row.Who));
    }

    public async Task<string?> OfRunAsync(OrchestratorDb db, string run, CancellationToken cancellation)
    {
        await LearnAsync("run", [run], ids => RunsOf(db, ids), cancellation);
        return Of("run", run);
    }

    private sealed record Known(string Id, string Line);

    private static IQueryable<Known> RunsOf(OrchestratorDb db, List<string> ids) =>
        db.Runs.Where(run => ids.Contains(run.Id)).Select(run => new Known(run.Id, run.Line));

    private string? Of(string kind, string subject) => kind == "line" ? subject : _known.GetValueOrDefault((kind, subject));

    private async Task LearnAsync(string kind, IReadOnlyList<string> subjects, Func<List<string>, IQueryable<Known>> query, CancellationToken cancellation)
    {
        var unknown = subjects.Distinct().Where(subject => !_known.ContainsKey((kind, subject))).ToList();
        if (unknown.Count == 0)
            return;
        foreach (var found in await query(unknown).ToListAsync(cancellation))
            _known[(kind, found.Id)] = found.Line;
    }
}
