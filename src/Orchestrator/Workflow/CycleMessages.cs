using VerSemi.Domain.Promotion;
using VerSemi.Domain.Recipes;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>Queues inside the orchestrator.</summary>
internal static class WorkflowQueues
{
    public const string Cycles = "orchestrator-cycles";
    public const string Runs = "orchestrator-runs";
    public const string Steps = "orchestrator-steps";
}

public interface ICycleMessage
{
    string Cycle { get; }
}

/// <summary>Event: a cycle begins. From the sweep (new data), or from a person, who does not wait for a quiet window.</summary>
/// <param name="Recipe">The first candidate's.</param>
/// <param name="StartedBy">Null: new data.</param>
/// <param name="Candidates">All of them, without their runs; null: one, of <paramref name="Recipe"/> and <paramref name="Seed"/>.</param>
/// <param name="ScheduledFor">The time of the <paramref name="Schedule"/> that it is the firing of.</param>
public sealed record CycleStarted(
    string Cycle, string Line, int Number, TrainingRecipe Recipe, int Seed, string? StartedBy, string? Why, IReadOnlyList<Candidate>? Candidates = null,
    string? Schedule = null, DateTimeOffset? ScheduledFor = null) : ICycleMessage;

/// <summary>Event: what this cycle waits for may be overdue.</summary>
/// <param name="Always">True at start-up: every message may have been lost, due or not.</param>
public sealed record CycleRung(string Cycle, bool Always) : ICycleMessage;

/// <summary>Command: write the label space and the run's specification. Answer: <see cref="CycleExpanded"/>, <see cref="CycleUntrainable"/>.</summary>
public sealed record ExpandCycle(string Cycle) : ICycleMessage;

/// <param name="Run">The first candidate's.</param>
/// <param name="Candidates">All of them, with their runs.</param>
/// <param name="Drops">As <see cref="Workflow.Cycle.Drops"/>.</param>
public sealed record CycleExpanded(
    string Cycle, string Run, int LabelSpace, int? Champion, IReadOnlyList<Candidate>? Candidates = null, IReadOnlyList<string>? Drops = null) : ICycleMessage;
public sealed record CycleUntrainable(string Cycle, string Reason) : ICycleMessage;

/// <summary>Command: compare candidate and champion. Answer: <see cref="CycleJudged"/>.</summary>
public sealed record JudgeCycle(string Cycle) : ICycleMessage;
public sealed record CycleJudged(string Cycle, Judgement Judgement, string SealedSet) : ICycleMessage;

/// <summary>Command: make the candidate a model and point to it. Answer: <see cref="CyclePromoted"/>.</summary>
public sealed record PromoteCycle(string Cycle) : ICycleMessage;
public sealed record CyclePromoted(string Cycle) : ICycleMessage;

/// <summary>Event: a command could not be carried out.</summary>
/// <param name="Lasting">True: trying again cannot help.</param>
public sealed record CycleStepFailed(string Cycle, string Command, string Reason, bool Lasting) : ICycleMessage;

/// <summary>Event of one of the cycle's runs.</summary>
public interface IRunNews : ICycleMessage
{
    string Run { get; }
}

/// <param name="Dice">Mean on validation; null where there are no validation cases.</param>
public sealed record RunTrained(string Cycle, string Run, double? Dice = null) : IRunNews;

/// <param name="Dice">As in <see cref="RunTrained"/>.</param>
public sealed record RunEvaluated(string Cycle, string Run, double? Dice = null) : IRunNews;
public sealed record RunFailed(string Cycle, string Run, string Reason) : IRunNews;
public sealed record RunCancelled(string Cycle, string Run) : IRunNews;

/// <summary>What a person asks of a cycle. Answer: <see cref="ActAnswer"/>.</summary>
public interface ICycleAct : ICycleMessage
{
    string Who { get; }
    string? Why { get; }
}

public sealed record CancelCycle(string Cycle, string Who, string? Why) : ICycleAct;
public sealed record ApproveCycle(string Cycle, string Who, string? Why) : ICycleAct;
public sealed record RejectCycle(string Cycle, string Who, string? Why) : ICycleAct;

/// <summary>Go on where it failed.</summary>
public sealed record RetryCycle(string Cycle, string Who, string? Why) : ICycleAct;

/// <param name="Refusal">Why nothing was done; null where it was.</param>
public sealed record ActAnswer(string? Refusal);
