using MassTransit;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>What a state of a cycle waits for.</summary>
/// <param name="Patience">When to ring again.</param>
/// <param name="IsStep">A step's second sending is a retry; a run is only asked how far it is.</param>
internal sealed record CycleWait(string Command, TimeSpan Patience, bool IsStep, Func<ISendEndpointProvider, Cycle, Task> Send);

internal static class CycleWaits
{
    private static readonly Dictionary<string, CycleWait> Table = new()
    {
        [CycleStates.Expanding] = Step(cycle => new ExpandCycle(cycle.Id)),
        [CycleStates.Training] = OfRun(cycle => new PursueRun(cycle.Run!, cycle.Line, cycle.Id)),
        [CycleStates.Evaluating] = OfRun(cycle => new PursueRun(cycle.Run!, cycle.Line, cycle.Id)),
        [CycleStates.Judging] = Step(cycle => new JudgeCycle(cycle.Id)),
        [CycleStates.Promoting] = Step(cycle => new PromoteCycle(cycle.Id)),
        [CycleStates.Cancelling] = OfRun(cycle => new CancelRun(cycle.Run!, cycle.Line, cycle.Id)),
    };

    /// <summary>Null where the state waits for data, a person or nothing.</summary>
    public static CycleWait? Of(string state) => Table.GetValueOrDefault(state);

    private static CycleWait Step<T>(Func<Cycle, T> command) where T : class =>
        new(typeof(T).Name, TimeSpan.FromMinutes(2), IsStep: true, (bus, cycle) => bus.SendToAsync(WorkflowQueues.Steps, command(cycle)));

    private static CycleWait OfRun<T>(Func<Cycle, T> command) where T : class =>
        new(typeof(T).Name, TimeSpan.FromSeconds(30), IsStep: false, (bus, cycle) => bus.SendToAsync(WorkflowQueues.Runs, command(cycle)));
}
