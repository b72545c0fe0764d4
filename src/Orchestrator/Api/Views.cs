using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;

namespace VerSemi.Orchestrator.Api;

/// <param name="Trouble">What keeps the service from its work at the moment (a full disk, an unreadable manifest, …); empty when all is well.</param>
/// <param name="Machine">Where the process runs that answers; null: of an older version.</param>
/// <param name="Pid">Which process there.</param>
public sealed record StatusView(
    DateTimeOffset Now, IReadOnlyList<LineView> Lines, IReadOnlyList<DropView> OpenDrops, int Datasets, IReadOnlyList<string> Trouble,
    string? Machine = null, int? Pid = null);

/// <param name="Ready">Messages that wait for a consumer.</param>
/// <param name="Consumers">Of all processes.</param>
/// <param name="DeadLetters">Messages that were given up on, with the reason in their headers.</param>
public sealed record QueueView(string Queue, long Ready, int Consumers, long DeadLetters);

/// <param name="Check">What was looked at.</param>
/// <param name="Found">What is there, or what is wrong.</param>
/// <param name="Mend">What to do about it; null where all is well.</param>
public sealed record FindingView(string Check, string Found, string? Mend);

/// <param name="Cycle">The active cycle, else the last one; null where there was none.</param>
/// <param name="Run">The run of that cycle.</param>
/// <param name="Pending">Datasets whose newest version the last cycle has not taken.</param>
/// <param name="Waiting">Why they do not start a cycle yet; null where they do, or wait for the end of the active one.</param>
public sealed record LineView(
    string Line, string Recipe, ProductionPointer? Production, CycleView? Cycle, RunView? Run, IReadOnlyList<string> Pending, string? Waiting = null);

public enum DropState
{
    /// <summary>Files still arrive.</summary>
    Receiving,

    /// <summary>Whole, or at rest: Ingest will look at it.</summary>
    Waiting,
    Committed,

    /// <summary>Held nothing that the dataset did not have.</summary>
    Unchanged,
    Refused,
}

/// <param name="Problem">What keeps Ingest from finishing the drop at the moment (a full disk, …); it tries again.</param>
/// <param name="Cycle">The newest cycle that took the version this drop became; null while there is none.</param>
/// <param name="CycleState">Its state, a word of <see cref="CycleStates"/>.</param>
public sealed record DropView(
    string Drop, DropState State, string? Dataset, string? Version, string? Refusal, string? Problem, string? Cycle, string? CycleState, string? CycleReason);

/// <param name="Path">Relative to the drop's folder.</param>
/// <param name="Sha256">Of the content, lower-case hexadecimal digits; null in lists.</param>
public sealed record DropFileView(string Path, long Bytes, string? Sha256 = null);

public sealed record DropDetail(DropView Drop, IngestReport? Report);

/// <param name="Generation">Counts the commits of the dataset.</param>
/// <param name="Drop">Whose commit is the newest version.</param>
/// <param name="Tasks">Ids of the tasks that it annotates.</param>
public sealed record DatasetView(
    string Name, string Title, string Modality, string Version, int Generation, string Drop, DateTimeOffset CommittedAt,
    int Training, int Validation, int Test, int Unlabelled, IReadOnlyList<string> Tasks);

public sealed record DatasetDetail(DatasetView Dataset, DatasetManifest Manifest);

/// <param name="Datasets">Those that annotate it.</param>
/// <param name="ProductionDice">Mean Dice on the sealed test of the model in production; null where it does not know the task.</param>
public sealed record TaskView(string Id, string Name, string Modality, int Column, string? MergedInto, IReadOnlyList<string> Datasets, double? ProductionDice);

/// <summary>The words of a cycle's states.</summary>
public static class CycleStates
{
    public const string Collecting = "Collecting";
    public const string Expanding = "Expanding";
    public const string Training = "Training";
    public const string Evaluating = "Evaluating";
    public const string Judging = "Judging";
    public const string AwaitingApproval = "AwaitingApproval";
    public const string Promoting = "Promoting";

    /// <summary>A person cancelled it; its run still has a worker.</summary>
    public const string Cancelling = "Cancelling";
    public const string Completed = "Completed";
    public const string Rejected = "Rejected";
    public const string Failed = "Failed";
    public const string Cancelled = "Cancelled";

    /// <summary>As a list, for queries.</summary>
    internal static readonly string[] Final = [Completed, Rejected, Failed, Cancelled];

    public static bool IsFinal(string state) => Final.Contains(state);
}

/// <summary>The words of a run's states.</summary>
public static class RunStates
{
    public const string Queued = "Queued";
    public const string Leased = "Leased";
    public const string Trained = "Trained";
    public const string Evaluated = "Evaluated";
    public const string Cancelling = "Cancelling";
    public const string Failed = "Failed";
    public const string Cancelled = "Cancelled";

    public static bool IsFinal(string state) => state is Evaluated or Failed or Cancelled;
}

/// <param name="Reason">Why it is where it is, for people: why rejected, failed, cancelled or waiting for approval.</param>
/// <param name="Datasets">name/version of each dataset; may still change while collecting.</param>
/// <param name="Run">The candidate's; with several candidates, the first one's until the best is chosen.</param>
/// <param name="Champion">The version that it started from and is judged against.</param>
/// <param name="Model">The version that it became.</param>
/// <param name="StartedBy">Null where new data started it.</param>
/// <param name="Drops">Drops that it took: those whose data no earlier judged cycle of the line had. Null while collecting, and in cycles of older versions.</param>
public sealed record CycleView(
    string Id, string Line, int Number, string State, string? Reason, IReadOnlyList<string> Datasets, string Recipe, int Seed,
    int? LabelSpace, string? Run, int? Champion, int? Model, int? Generation, string? StartedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<CandidateView>? Candidates = null, string? TraceParent = null, IReadOnlyList<string>? Drops = null);

/// <param name="Run">Empty until the label space is known.</param>
/// <param name="Dice">Mean on validation; null until trained, or where there are no validation cases.</param>
/// <param name="End">A word of <see cref="RunStates"/> once it is trained or over.</param>
public sealed record CandidateView(string Run, string Recipe, int Seed, double? Dice, string? End, string? Reason);

/// <param name="Forgetting">The line's models and the candidate; null before it is judged.</param>
public sealed record CycleDetail(CycleView Cycle, TrainingRecipe Recipe, Judgement? Judgement, IReadOnlyList<TimelineView> Timeline, ForgettingMatrix? Forgetting = null);

/// <param name="Event">A word: "state", "retry", "ignored", "refused", "asked", ….</param>
/// <param name="From">The state before, where it changed.</param>
/// <param name="To">The state after, where it changed.</param>
public sealed record TimelineView(DateTimeOffset At, string Event, string? From, string? To, string? Detail, string? Who);

/// <param name="Attempt">The newest lease's number; 0 before the first.</param>
/// <param name="Work">What a worker does at the moment; null where it has none.</param>
/// <param name="Progress">As the last heartbeat told it.</param>
public sealed record RunView(
    string Id, string Line, string Cycle, string State, string? Reason, int Attempt, WorkKind? Work, string? Worker, RunProgress? Progress,
    string Recipe, int Seed, int LabelSpace, int? Champion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <param name="Training">Null before a training of it has ended.</param>
/// <param name="Plan">The recipe that it is trained by, why, and the forecast; null before its first attempt has planned.</param>
public sealed record RunDetail(
    RunView Run, IReadOnlyList<string> Datasets, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<TimelineView> Timeline, TrainingResult? Training = null, RecipePlan? Plan = null);

/// <summary>The last lines that an attempt's worker logged.</summary>
public sealed record RunLog(string Run, int Attempt, IReadOnlyList<string> Lines);

/// <param name="Outcome">"Done", "HandedBack", "Failed", "Cancelled", "Expired"; null while it goes on.</param>
public sealed record AttemptView(
    int Number, WorkKind Work, string Worker, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Outcome, FailureKind? Failure, string? Reason, RunProgress? Progress,
    long? PeakMemoryBytes = null);

/// <param name="Cycle">Empty where it was imported.</param>
/// <param name="MeanDice">Mean over its tasks of the mean Dice on the sealed test; null where it was imported.</param>
public sealed record ModelView(
    string Line, int Version, bool InProduction, string Run, string Cycle, string? Parent, IReadOnlyList<string> Datasets, IReadOnlyList<string> Tasks,
    double? MeanDice, DateTimeOffset CreatedAt);

/// <param name="Evaluation">Null where it was imported: no sealed case has judged it.</param>
public sealed record ModelDetail(ModelView Model, ModelManifest Manifest, EvaluationReport? Evaluation, Judgement? Judgement, IReadOnlyList<LedgerView> Ledger);

/// <param name="Kind">"promotion", "rollback", "manual" or "import".</param>
/// <param name="SealedSetUses">How often this sealed set had been judged on, this time included; null for a person's act.</param>
public sealed record LedgerView(
    string Line, int Generation, int Version, string Kind, string? Who, string? Why, DateTimeOffset At, string? Cycle, int? SealedSetUses, Judgement? Judgement);

/// <param name="DoneAt">Null while it is under way.</param>
/// <param name="Erased">Paths of the blobs.</param>
/// <param name="Models">line/version of each model that saw it, with how.</param>
public sealed record WithdrawalView(
    string Id, string? Dataset, string? Case, string? Patient, string Who, string Why, DateTimeOffset CreatedAt, DateTimeOffset? DoneAt,
    IReadOnlyList<string> Erased, IReadOnlyList<string> Models);

/// <param name="Path">What all of the deleted blobs' paths begin with.</param>
public sealed record CollectedView(string Path, int Blobs, long Bytes, string Why);
