using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Schedules;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>
/// Starts a line's next cycle: for data that its last cycle did not take, or for a person. A line's cycles are numbered
/// and the next number exists only when the last cycle is over, so however often and by whomever a start is sent, it is
/// one cycle.
/// </summary>
internal sealed class CycleStarter(OrchestratorDb db, IMessageBus bus, LineRecipes recipes, SentStarts sent, DataTrigger trigger, Production production)
{
    /// <summary>The sweep's part: every line that has new data and no active cycle.</summary>
    /// <exception cref="AggregateException">Lines of which the store knows more than the database: a cycle would repeat their work. All others were started.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var heads = await db.Datasets.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellation);
        var lasts = (await db.LastCyclesAsync(cancellation)).ToDictionary(last => last.Line);
        var errors = new List<Exception>();
        foreach (var line in recipes.Lines)
        {
            var last = lasts.GetValueOrDefault(line);
            if (last is not null && !CycleStates.IsFinal(last.State))
                continue;
            var news = heads.Where(head => last?.Datasets.GetValueOrDefault(head.Name) != head.Version).ToList();
            if (news.Count == 0)
                continue;
            var start = Next(line, last, $"new data: {string.Join(", ", news.Select(head => $"{head.Name}/{head.Version}"))}");
            if (sent.WasLately(start.Cycle))
                continue;
            try
            {
                await production.RequireNewerThanStoreAsync(line, cancellation);
            }
            catch (ConflictException e)
            {
                errors.Add(e);
                continue;
            }
            if (await trigger.FiresAsync(line, last, heads, start.Cycle, cancellation))
                await SendAsync(start, news[^1].TraceParent, cancellation);
        }
        if (errors.Count > 0)
            throw new AggregateException(errors);
    }

    /// <summary>Repeated until the cycle is there, but not with every sweep: its message may wait behind many others.</summary>
    private async Task SendAsync(CycleStarted start, string? traceParent, CancellationToken cancellation)
    {
        if (sent.WasLately(start.Cycle))
            return;
        sent.Keep(start.Cycle);
        using var activity = Telemetry.Join("start cycle", traceParent);
        await bus.SendAsync(WorkflowQueues.Cycles, start, cancellation: cancellation);
    }

    /// <summary>A person's start; the cycle, and whether it is a new one: finished work on the same data, recipe and seed is not done twice.</summary>
    public async Task<(Cycle Cycle, bool IsNew)> StartAsync(Api.StartCycle request, CancellationToken cancellation)
    {
        var heads = await HeadsAsync(cancellation);
        if (heads.Count == 0)
            throw new ConflictException("There is no dataset yet. Drop one first: `versemi drop PATH`.");
        var start = Next(request.Line, await db.LastCycleAsync(request.Line, cancellation), request.Why) with { StartedBy = request.Who };
        start = Choose(start, request);
        if (await SameAsync(start, heads, cancellation) is { } same)
            return (same, IsNew: false);
        await production.RequireNewerThanStoreAsync(request.Line, cancellation);
        var answer = await bus.AskAsync<CycleStarted, ActAnswer>(WorkflowQueues.Cycles, start, TimeSpan.FromSeconds(20), cancellation);
        if (answer.Refusal is { } refusal)
            throw new ConflictException($"Line '{request.Line}' has an active cycle. {refusal} Wait for its end, or cancel it.");
        return (await db.Cycles.AsNoTracking().FirstAsync(cycle => cycle.Id == start.Cycle, cancellation), IsNew: true);
    }

    /// <summary>A schedule's start: at once, as by hand, and also on data that was trained on before.</summary>
    /// <param name="last">The line's last cycle, which is over.</param>
    public async Task StartAsync(string line, LastCycle? last, string schedule, DateTimeOffset time, CancellationToken cancellation)
    {
        await production.RequireNewerThanStoreAsync(line, cancellation);
        var start = Next(line, last, $"scheduled for {time.UtcDateTime:u}") with { StartedBy = $"schedule {schedule}", Schedule = schedule, ScheduledFor = time };
        await SendAsync(start, traceParent: null, cancellation);
    }

    /// <summary>A recipe or seed that is asked for takes the place of all the line's own.</summary>
    private static CycleStarted Choose(CycleStarted start, Api.StartCycle request)
    {
        var candidates = start.Candidates!;
        if (request.Recipe is { } recipe)
            candidates = [.. candidates.DistinctBy(candidate => candidate.Seed).Select(candidate => candidate with { Recipe = recipe })];
        if ((request.Seeds ?? (request.Seed is { } seed ? [seed] : null)) is { Count: > 0 } seeds)
            candidates = [.. candidates.DistinctBy(candidate => candidate.Recipe.Hash).SelectMany(candidate => seeds.Distinct().Select(one => candidate with { Seed = one }))];
        return start with { Recipe = candidates[0].Recipe, Seed = candidates[0].Seed, Candidates = candidates };
    }

    private CycleStarted Next(string line, LastCycle? last, string? why)
    {
        // An active cycle's own number: the start meets that cycle and is refused by it.
        var number = last is null ? 1 : CycleStates.IsFinal(last.State) ? last.Number + 1 : last.Number;
        var candidates = recipes.CandidatesOf(line);
        return new CycleStarted(Cycle.IdOf(line, number), line, number, candidates[0].Recipe, candidates[0].Seed, StartedBy: null, why, candidates);
    }

    // Failed and cancelled cycles may be started again: their run goes on from its last checkpoint.
    private async Task<Cycle?> SameAsync(CycleStarted start, SortedDictionary<string, string> heads, CancellationToken cancellation)
    {
        var others = await db.Cycles.AsNoTracking().Where(cycle => cycle.Line == start.Line && cycle.Schedule == null).ToListAsync(cancellation);
        return others.OrderByDescending(cycle => cycle.Number).FirstOrDefault(cycle =>
            cycle.State is not (CycleStates.Failed or CycleStates.Cancelled)
            && cycle.Datasets.SequenceEqual(heads) && IdentityOf(cycle.AllCandidates()).SetEquals(IdentityOf(start.Candidates!)));
    }

    private static HashSet<(string, int)> IdentityOf(IEnumerable<Candidate> candidates) => [.. candidates.Select(candidate => (candidate.Recipe.Hash, candidate.Seed))];

    private async Task<SortedDictionary<string, string>> HeadsAsync(CancellationToken cancellation) =>
        new(await db.Datasets.ToDictionaryAsync(row => row.Name, row => row.Version, cancellation), StringComparer.Ordinal);
}
