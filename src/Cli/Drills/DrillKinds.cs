using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Drills;

/// <summary>The drills that there are.</summary>
internal static class DrillKinds
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<DrillKind> All { get; } =
    [
        new("kill-trainer", "the trainer that has a training dies", TimeSpan.Zero, KillTrainer),
        new("pause-trainer", "the trainer that has a training stands still, until its loss was noticed, and goes on", TimeSpan.FromMinutes(2), PauseTrainer),
        new("kill-orchestrator", "the orchestrator that answers first dies", TimeSpan.Zero, KillOrchestrator),
        new("restart-broker", "the broker goes away and comes back", Outage, OfOperator, Routes.Queues),
        new("restart-database", "the database goes away and comes back", Outage, OfOperator),
        new("blob-outage", "the blob store does not answer for a while", Outage, OfOperator),
    ];

    public static DrillKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new UsageException($"There is no drill '{name}'. There are {string.Join(", ", All.Select(kind => kind.Name))}.");

    private static Fault KillTrainer(Snapshot before, FaultChoice choice)
    {
        var run = TrainingUnderWay(before, choice);
        return new Fault(choice.Inject ?? $"kill -KILL {TrainerOf(run)}", choice.Restore, choice.Lasts, Victim: run);
    }

    private static Fault PauseTrainer(Snapshot before, FaultChoice choice)
    {
        var run = TrainingUnderWay(before, choice);
        if (choice.Inject is not null && choice.Restore is null)
            throw new UsageException("pause-trainer with --inject needs --restore too: what lets the trainer go on.");
        return choice.Inject is null
            ? new Fault($"kill -STOP {TrainerOf(run)}", $"kill -CONT {TrainerOf(run)}", choice.Lasts, EndsOnceNoticed: true, run)
            : new Fault(choice.Inject, choice.Restore, choice.Lasts, EndsOnceNoticed: true, run);
    }

    private static Fault KillOrchestrator(Snapshot before, FaultChoice choice) =>
        new(choice.Inject ?? $"kill -KILL {OrchestratorOf(before.Status)}", choice.Restore, choice.Lasts);

    private static Fault OfOperator(Snapshot before, FaultChoice choice) =>
        new(choice.Inject ?? throw new UsageException($"{choice.Drill} needs --inject: the command that takes the server away, and --restore where another brings it back."), choice.Restore, choice.Lasts);

    private static RunView TrainingUnderWay(Snapshot before, FaultChoice choice) =>
        before.Runs.FirstOrDefault(run => run is { State: RunStates.Leased, Work: WorkKind.Train, Worker: not null })
        ?? throw new DomainException($"{choice.Drill} needs a training under way, and there is none. Drop a dataset, or say 'versemi cycles start', and try again once 'versemi runs' shows it as Leased.");

    private static int TrainerOf(RunView run) =>
        ServiceOnThisMachine.Require($"The trainer {run.Worker}", ServiceOnThisMachine.OfWorker(run.Worker!), "VerSemi.GpuTrainer");

    private static int OrchestratorOf(StatusView status) =>
        ServiceOnThisMachine.Require("The orchestrator", status is { Machine: { } machine, Pid: { } pid } ? (machine, pid) : null, "VerSemi.Orchestrator");
}
