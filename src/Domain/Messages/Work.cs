namespace VerSemi.Domain.Messages;

/// <summary>Names of the queues that cross services.</summary>
public static class Queues
{
    public const string Ingest = "ingest";
    public const string Training = "training";

    /// <summary>Runs whose attempts were taken away too often: for workers on machines that stay.</summary>
    public const string TrainingOnDemand = "training-on-demand";

    /// <summary>Images to be segmented: a queue and workers of its own, so that none waits behind a training.</summary>
    public const string Segmentation = "segmentation";

    /// <summary>Claims, heartbeats and ends of leases, answered by the orchestrator.</summary>
    public const string Leases = "leases";
    public const string Catalogue = "catalogue";
}

public enum WorkKind { Train, Evaluate }

/// <summary>Doorbell on <see cref="Queues.Training"/> or <see cref="Queues.TrainingOnDemand"/>: a run needs a worker. Which work it is, the claim's answer says.</summary>
public sealed record WorkOnRun(string Run);

/// <summary>Request: may this worker have the run? Answer: <see cref="LeaseAnswer"/>.</summary>
/// <param name="Worker">Unique per process start.</param>
public sealed record ClaimLease(string Run, string Worker);

/// <param name="Granted">False: <paramref name="Refusal"/> says why, and the message is done with.</param>
/// <param name="Attempt">The fencing token: results of an older attempt are refused.</param>
/// <param name="LeaseSeconds">The worker stops itself, on its own monotonic clock, before this has passed since the request was sent.</param>
/// <param name="TrainedAttempt">For <see cref="WorkKind.Evaluate"/>: the attempt whose model (<see cref="BlobLayout.AttemptModel"/>) is the candidate. Every lease, for whatever work, has an attempt number of its own.</param>
/// <param name="TraceParent">W3C trace context of the run: a resumed attempt joins it.</param>
public sealed record LeaseAnswer(
    string Run, bool Granted, string? Refusal, WorkKind Work, int Attempt, double LeaseSeconds, double HeartbeatSeconds, int? TrainedAttempt = null,
    string? TraceParent = null);

/// <summary>Request: the lease's renewal. Answer: <see cref="HeartbeatAnswer"/>.</summary>
/// <param name="Notes">What a person may want to know of the work, since the last heartbeat that was answered: kept in the run's timeline, each text once.</param>
public sealed record Heartbeat(string Run, int Attempt, string Worker, RunProgress Progress, IReadOnlyList<string>? Notes = null);

/// <param name="Phase">"stage 1", "stage 2", "evaluating", ….</param>
/// <param name="SecondsLeft">Estimate; null while unknown.</param>
/// <param name="PeakMemoryBytes">The most that the worker's process held at once so far.</param>
/// <param name="SamplesPerSecond">Of the last step, labelled patches.</param>
/// <param name="WaitingShare">Share of the run's time that was spent waiting for data, 0…1.</param>
public sealed record RunProgress(
    string Phase, int Done, int Total, double? Loss = null, double? ValidationDice = null, double? SecondsLeft = null, long? PeakMemoryBytes = null,
    double? SamplesPerSecond = null, double? WaitingShare = null);

public enum LeaseStanding { Continue, Cancel, Fenced }

public sealed record HeartbeatAnswer(LeaseStanding Standing);

public enum WorkOutcome
{
    /// <summary>The result lies in the attempt's result.json, or the reports under evaluation/.</summary>
    Done,

    /// <summary>The worker must stop (shutdown): the run goes back to the queue, and goes on from its last checkpoint.</summary>
    HandedBack,
    Cancelled,
    Failed,
}

/// <summary>Why an attempt failed; each kind has its own number of retries. Kinds are numbers in messages: a new one is the last.</summary>
public enum FailureKind
{
    /// <summary>The disk, the store, the network or the machine.</summary>
    Infrastructure,
    OutOfMemory,

    /// <summary>The images, labels or settings that the run was given.</summary>
    Data,

    Code,

    /// <summary>A blob is not what was written: it differs from its recorded hash.</summary>
    Content,

    /// <summary>NaN, infinity or bits that differ: the worker's processor is suspected before recipe or data.</summary>
    Numerics,
}

/// <summary>Request: the end of a lease. Answer: <see cref="HeartbeatAnswer"/> (Fenced: nobody listened, an older attempt's result is refused).</summary>
/// <param name="Notes">As in <see cref="Heartbeat"/>.</param>
/// <param name="Progress">How far it came, and what it took.</param>
public sealed record EndLease(
    string Run, int Attempt, string Worker, WorkKind Work, WorkOutcome Outcome, FailureKind? Failure = null, string? Reason = null, IReadOnlyList<string>? Notes = null,
    RunProgress? Progress = null);
