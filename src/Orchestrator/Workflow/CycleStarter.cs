using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>
/// Starts a line's next cycle: for data that its last cycle did not take, or for a person. A line's cycles are numbered
/// and the next number exists only when the last cycle is over, so however often and by whomever a start is sent, it is
/// one cycle.
/// </summary>
internal sealed class CycleStarter(OrchestratorDb db, IMessageBus bus, OrchestratorOptions options, LineRecipes recipes)
{
    /// <summary>The sweep's part: every line that has new data and no active cycle.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var heads = await HeadsAsync(cancellation);
        foreach (var line in recipes.Lines)
        {
            var last = await LastAsync(line, cancellation);
            if (last is not null && !CycleStates.IsFinal(last.State))
                continue;
            var news = heads.Where(head => last?.Datasets.GetValueOrDefault(head.Key) != head.Value).Select(head => $"{head.Key}/{head.Value}").ToList();
            if (news.Count > 0)
                await bus.SendAsync(WorkflowQueues.Cycles, Next(line, last, $"new data: {string.Join(", ", news)}"), cancellation);
        }
    }

    /// <summary>A person's start; the cycle, and whether it is a new one: finished work on the same data, recipe and seed is not done twice.</summary>
    public async Task<(Cycle Cycle, bool IsNew)> StartAsync(Api.StartCycle request, CancellationToken cancellation)
    {
        var heads = await HeadsAsync(cancellation);
        if (heads.Count == 0)
            throw new ConflictException("There is no dataset yet. Drop one first: `versemi drop PATH`.");
        var start = Next(request.Line, await LastAsync(request.Line, cancellation), request.Why) with { StartedBy = request.Who };
        start = start with { Recipe = request.Recipe ?? start.Recipe, Seed = request.Seed ?? start.Seed };
        if (await SameAsync(start, heads, cancellation) is { } same)
            return (same, IsNew: false);
        var answer = await bus.AskAsync<CycleStarted, ActAnswer>(WorkflowQueues.Cycles, start, TimeSpan.FromSeconds(20), cancellation);
        if (answer.Refusal is { } refusal)
            throw new ConflictException($"Line '{request.Line}' has an active cycle. {refusal} Wait for its end, or cancel it.");
        return (await db.Cycles.AsNoTracking().FirstAsync(cycle => cycle.Id == start.Cycle, cancellation), IsNew: true);
    }

    private CycleStarted Next(string line, Cycle? last, string? why)
    {
        // An active cycle's own number: the start meets that cycle and is refused by it.
        var number = last is null ? 1 : CycleStates.IsFinal(last.State) ? last.Number + 1 : last.Number;
        return new CycleStarted(Cycle.IdOf(line, number), line, number, recipes.Of(line), options.Lines[line].Seed, StartedBy: null, why);
    }

    // Failed and cancelled cycles may be started again: their run goes on from its last checkpoint.
    private async Task<Cycle?> SameAsync(CycleStarted start, SortedDictionary<string, string> heads, CancellationToken cancellation)
    {
        var others = await db.Cycles.AsNoTracking().Where(cycle => cycle.Line == start.Line && cycle.Seed == start.Seed).ToListAsync(cancellation);
        return others.OrderByDescending(cycle => cycle.Number).FirstOrDefault(cycle =>
            cycle.State is not (CycleStates.Failed or CycleStates.Cancelled)
            && cycle.Recipe.Hash == start.Recipe.Hash && cycle.Datasets.SequenceEqual(heads));
    }

    private Task<Cycle?> LastAsync(string line, CancellationToken cancellation) =>
        db.Cycles.AsNoTracking().Where(cycle => cycle.Line == line).OrderByDescending(cycle => cycle.Number).FirstOrDefaultAsync(cancellation);

    private async Task<SortedDictionary<string, string>> HeadsAsync(CancellationToken cancellation) =>
        new(await db.Datasets.ToDictionaryAsync(row => row.Name, row => row.Version, cancellation), StringComparer.Ordinal);
}
