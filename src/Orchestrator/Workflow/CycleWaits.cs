using MassTransit;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>What a state of a cycle waits for.</summary>
/// <param name="IsStep">A step's second sending is a retry; a run is only asked how far it is.</param>
internal sealed record CycleWait(string Command, bool IsStep, Func<ISendEndpointProvider, Cycle, Task> Send)
{
    /// <summary>
    /// When to ring again. A message is lost only with a process that dies between its commit and its send: what that
    /// costs is this much time. A step that takes longer puts its time off itself (<see cref="Steps.CycleStep{TCommand}"/>).
    /// </summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);
}

internal static class CycleWaits
{
    private static readonly Dictionary<string, CycleWait> Table = new()
    {
        [CycleStates.Expanding] = Step(cycle => new ExpandCycle(cycle.Id)),
        [CycleStates.Training] = OfRuns((cycle, run) => new PursueRun(run.Run, cycle.Line, cycle.Id, Evaluate: cycle.Run is not null), run => run.End is null),
        [CycleStates.Evaluating] = OfRuns((cycle, run) => new PursueRun(run.Run, cycle.Line, cycle.Id), (cycle, run) => run.Run == cycle.Run),
        [CycleStates.Judging] = Step(cycle => new JudgeCycle(cycle.Id)),
        [CycleStates.Promoting] = Step(cycle => new PromoteCycle(cycle.Id)),
        [CycleStates.Cancelling] = OfRuns((cycle, run) => new CancelRun(run.Run, cycle.Line, cycle.Id), run => !CycleMachine.IsFree(run)),
    };

    /// <summary>Null where the state waits for data, a person or nothing.</summary>
    public static CycleWait? Of(string state) => Table.GetValueOrDefault(state);

    private static CycleWait Step<T>(Func<Cycle, T> command) where T : class =>
        new(typeof(T).Name, IsStep: true, (bus, cycle) => bus.SendToAsync(WorkflowQueues.Steps, command(cycle)));

    private static CycleWait OfRuns<T>(Func<Cycle, Candidate, T> command, Func<Candidate, bool> which) where T : class => OfRuns(command, (_, run) => which(run));

    private static CycleWait OfRuns<T>(Func<Cycle, Candidate, T> command, Func<Cycle, Candidate, bool> which) where T : class =>
        new(typeof(T).Name, IsStep: false, async (bus, cycle) =>
        {
            foreach (var run in cycle.AllCandidates().Where(run => which(cycle, run)))
                await bus.SendToAsync(WorkflowQueues.Runs, command(cycle, run));
        });
}
