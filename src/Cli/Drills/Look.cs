using VerSemi.Cli.Client;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Drills;

/// <summary>One glance at the system while it is disturbed: what it says, and what does not answer.</summary>
/// <param name="At">Since the fault.</param>
/// <param name="Troubles">What does not answer, and what the platform itself complains of.</param>
/// <param name="State">How far everything is that is under way, by name; null where nobody could say.</param>
/// <param name="Steps">What tells of work when it changes: states, and what workers report. A run that waits for a worker is not among them.</param>
/// <param name="IsCalm">One of the replicas answers and complains of nothing.</param>
/// <param name="Runs">Empty where nobody could say.</param>
internal sealed record Look(TimeSpan At, IReadOnlyList<string> Troubles, bool IsCalm, IReadOnlyDictionary<string, string>? State, IReadOnlyDictionary<string, string> Steps, IReadOnlyList<RunView> Runs);

/// <summary>Looks through every replica: the death of one is seen though another answers.</summary>
internal sealed class Looker(IReadOnlyList<ApiClient> servers, IReadOnlyList<string> watched)
{
    public async Task<Look> LookAsync(TimeSpan at, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(servers.Select(server => AskAsync(server, cancellation)));
        var best = answers.FirstOrDefault(answer => answer.Troubles.Count == 0) ?? answers.FirstOrDefault(answer => answer.State is not null) ?? answers[0];
        return new Look(at, [.. answers.SelectMany(answer => answer.Troubles).Distinct()], best.Troubles.Count == 0, best.State, best.Steps, best.Runs);
    }

    private sealed record Answer(IReadOnlyList<string> Troubles, IReadOnlyDictionary<string, string>? State, IReadOnlyDictionary<string, string> Steps, IReadOnlyList<RunView> Runs);

    private async Task<Answer> AskAsync(ApiClient server, CancellationToken cancellation)
    {
        try
        {
            var runs = await server.GetAsync<IReadOnlyList<RunView>>(Routes.Runs, cancellation);
            var cycles = await server.GetAsync<IReadOnlyList<CycleView>>(Routes.Cycles, cancellation);
            var status = await server.GetAsync<StatusView>(Routes.Status, cancellation);
            foreach (var route in watched)
                await server.GetAsync<IReadOnlyList<object>>(route, cancellation);
            return new Answer(status.Trouble, StateOf(cycles, runs, status.OpenDrops), StepsOf(cycles, runs), runs);
        }
        catch (Exception e) when (e is HttpRequestException or DomainException)
        {
            return new Answer([$"{server.Address}: {e.GetBaseException().Message}"], null, new Dictionary<string, string>(), []);
        }
    }

    /// <summary>A cycle is as far as its runs are.</summary>
    private static Dictionary<string, string> StateOf(IReadOnlyList<CycleView> cycles, IReadOnlyList<RunView> runs, IReadOnlyList<DropView> drops)
    {
        var state = cycles.Where(Snapshot.IsUnderWay).ToDictionary(cycle => cycle.Id, cycle =>
            string.Join("; ", [cycle.State, .. runs.Where(run => run.Cycle == cycle.Id).Select(Describe)]));
        foreach (var drop in drops.Where(Snapshot.IsOpen))
            state[Snapshot.NameOf(drop)] = $"{drop.State}";
        return state;
    }

    private static Dictionary<string, string> StepsOf(IReadOnlyList<CycleView> cycles, IReadOnlyList<RunView> runs)
    {
        var steps = cycles.Where(Snapshot.IsUnderWay).ToDictionary(cycle => cycle.Id, cycle => cycle.State);
        foreach (var run in runs.Where(run => run.State != RunStates.Queued && !RunStates.IsFinal(run.State)))
            steps[$"run {run.Id}"] = Describe(run);
        return steps;
    }

    private static string Describe(RunView run) =>
        $"attempt {run.Attempt} {run.State}{(run.Progress is { } progress ? $", {progress.Phase} {progress.Done}/{progress.Total}" : "")}";
}
