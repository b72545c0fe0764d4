using VerSemi.Domain.Labels;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Segmentations;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>Append-only: what happened, to whom, and why.</summary>
public sealed class TimelineRow
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>"cycle", "run", "line" or "dataset".</summary>
    public string Kind { get; set; } = "";
    public string Subject { get; set; } = "";
    public string Event { get; set; } = "";
    public string? From { get; set; }
    public string? To { get; set; }
    public string? Detail { get; set; }
    public string? Who { get; set; }
}

/// <summary>One version of a line's label space. Written once, never changed.</summary>
public sealed class LabelSpaceRow
{
    public string Line { get; set; } = "";
    public int Version { get; set; }
    public LabelSpace Space { get; set; } = LabelSpace.Empty;
    public string Hash { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The cycle that grew it, who merged which tasks, or which import brought them.</summary>
    public string Origin { get; set; } = "";
}

/// <summary>The newest version of a dataset, as its head in the blob store says.</summary>
public sealed class DatasetRow
{
    public string Name { get; set; } = "";
    public string Version { get; set; } = "";
    public int Generation { get; set; }
    public string Drop { get; set; } = "";

    /// <summary>When this process saw it.</summary>
    public DateTimeOffset CommittedAt { get; set; }
    public string Title { get; set; } = "";
    public string Modality { get; set; } = "";
    public int Training { get; set; }
    public int Validation { get; set; }
    public int Test { get; set; }
    public int Unlabelled { get; set; }
    public List<string> Tasks { get; set; } = [];

    /// <summary>W3C trace context of the commit.</summary>
    public string? TraceParent { get; set; }
}

/// <summary>A version of a line's model, from the moment its number was given out.</summary>
public sealed class ModelRow
{
    public string Line { get; set; } = "";
    public int Version { get; set; }
    public string Run { get; set; } = "";

    /// <summary>Empty where it was imported.</summary>
    public string Cycle { get; set; } = "";

    /// <summary>False until its blobs are whole: nobody may point to it before.</summary>
    public bool Ready { get; set; }
    public string? Parent { get; set; }
    public List<string> Datasets { get; set; } = [];
    public List<string> Tasks { get; set; } = [];
    public double? MeanDice { get; set; }
    public Dictionary<string, double> TaskDice { get; set; } = [];
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What was in production from then on, and why. Append-only; the newest generation of a line is the truth that production.json follows.</summary>
public sealed class LedgerRow
{
    public string Line { get; set; } = "";
    public int Generation { get; set; }
    public int Version { get; set; }

    /// <summary>"promotion", "rollback", "manual" or "import".</summary>
    public string Kind { get; set; } = "";
    public string? Who { get; set; }
    public string? Why { get; set; }
    public DateTimeOffset At { get; set; }
    public string? Cycle { get; set; }
    public int? SealedSetUses { get; set; }
    public Judgement? Judgement { get; set; }
}

/// <summary>Who has a run at the moment. A row only while the lease is held; heartbeats touch this row and not the saga's.</summary>
public sealed class LeaseRow
{
    public string Run { get; set; } = "";
    public int Attempt { get; set; }
    public string Worker { get; set; } = "";
    public WorkKind Work { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public bool CancelRequested { get; set; }
    public RunProgress? Progress { get; set; }
}

/// <summary>One lease of a run, for the record.</summary>
public sealed class AttemptRow
{
    public string Run { get; set; } = "";
    public int Number { get; set; }
    public WorkKind Work { get; set; }
    public string Worker { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>A word of <see cref="WorkOutcome"/>, or "Expired".</summary>
    public string? Outcome { get; set; }
    public FailureKind? Failure { get; set; }
    public string? Reason { get; set; }
    public RunProgress? Progress { get; set; }

    /// <summary>The most that the worker's process held at once; null where it did not say.</summary>
    public long? PeakMemoryBytes { get; set; }
}

/// <summary>A drop as its newest report tells of it; the report in the blob store is the truth.</summary>
public sealed class DropRow
{
    public string Name { get; set; } = "";

    /// <summary>ETag of the report that was read.</summary>
    public string Report { get; set; } = "";
    public string Fingerprint { get; set; } = "";
    public string Outcome { get; set; } = "";
    public string? Dataset { get; set; }
    public string? DatasetVersion { get; set; }
    public DateTimeOffset ReportedAt { get; set; }
}

/// <summary>A cron schedule of a line, as the settings or a person made it.</summary>
public sealed class ScheduleRow
{
    public string Name { get; set; } = "";

    /// <summary>Concurrency token: of two replicas that see it due, one fires it.</summary>
    public int Version { get; set; }
    public string Line { get; set; } = "";
    public string Cron { get; set; } = "";

    /// <summary>IANA name.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>"skip" or "queue": what to do while the line has an active cycle.</summary>
    public string Overlap { get; set; } = "skip";

    /// <summary>"none" or "one": what to do about times that passed while nobody looked.</summary>
    public string CatchUp { get; set; } = "none";

    /// <summary>A firing is put off by up to this many seconds, a function of the schedule's name and time.</summary>
    public double JitterSeconds { get; set; }
    public bool Paused { get; set; }
    public string? PausedBy { get; set; }

    /// <summary>"settings", or who made it.</summary>
    public string Origin { get; set; } = "";

    /// <summary>The time by the cron expression that is next.</summary>
    public DateTimeOffset? NextTime { get; set; }

    /// <summary>That time and its jitter.</summary>
    public DateTimeOffset? NextDue { get; set; }
    public DateTimeOffset? LastFired { get; set; }
}

/// <summary>A schedule or a data trigger fired, or did not, and why. Append-only.</summary>
public sealed class FiringRow
{
    public long Id { get; set; }

    /// <summary>A schedule's name, or "data".</summary>
    public string Schedule { get; set; } = "";
    public string Line { get; set; } = "";

    /// <summary>Unique with <see cref="Schedule"/> and <see cref="Line"/>: the time for which, or the data and the answer.</summary>
    public string Key { get; set; } = "";
    public DateTimeOffset? ScheduledFor { get; set; }
    public DateTimeOffset At { get; set; }
    public bool Fired { get; set; }
    public string Reason { get; set; } = "";

    /// <summary>Not stored: the reason in a word that can be counted (<see cref="Domain.Triggers.FiringWords"/>).</summary>
    public string Word { get; set; } = "";
    public string? Cycle { get; set; }
}

/// <summary>What is to be told to the webhook. Written with what it tells of, sent by the sweep until it is taken.</summary>
public sealed class NotificationRow
{
    /// <summary>Event and subject: told once.</summary>
    public string Id { get; set; } = "";
    public string Event { get; set; } = "";
    public string Subject { get; set; } = "";

    /// <summary>JSON, as it is sent.</summary>
    public string Body { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null once it was taken or given up.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? DeliveredAt { get; set; }
    public string? LastError { get; set; }
}

/// <summary>A case or patient whose voxels must go, and what became of that. Never deleted.</summary>
public sealed class WithdrawalRow
{
    public string Id { get; set; } = "";
    public string? Dataset { get; set; }
    public string? Case { get; set; }
    public string? Patient { get; set; }
    public string Who { get; set; } = "";
    public string Why { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When Ingest is asked again; null once it is done.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Blobs that were erased.</summary>
    public List<string> Erased { get; set; } = [];

    /// <summary>line/version of each model that was trained, chosen or judged on it, with how.</summary>
    public List<string> Models { get; set; } = [];
}

/// <summary>An image that somebody wants segmented, and what became of it. Deleted with its files some time after its end.</summary>
public sealed class SegmentationRow
{
    public string Id { get; set; } = "";

    /// <summary>Concurrency token: of two workers that ask for it, one gets it.</summary>
    public int Version { get; set; }
    public string Line { get; set; } = "";

    /// <summary>A word of <see cref="Segmentations.SegmentationStates"/>.</summary>
    public string State { get; set; } = "";

    /// <summary>Why it failed.</summary>
    public string? Reason { get; set; }

    /// <summary>Task ids or names that were asked for; empty: all of the image's modality.</summary>
    public List<string> Tasks { get; set; } = [];
    public string? Modality { get; set; }

    /// <summary>Of a 4-D image.</summary>
    public int? Channel { get; set; }

    /// <summary>An entropy map was asked for, too.</summary>
    public bool Entropy { get; set; }

    /// <summary>Of the image file.</summary>
    public long Bytes { get; set; }
    public string? Who { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When a worker is rung for (again), or its lease has run out; null once it has ended.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When row and files are deleted.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The newest lease's number; the fencing token.</summary>
    public int Attempt { get; set; }
    public string? Worker { get; set; }

    /// <summary>line/version of the model that did it.</summary>
    public string? Model { get; set; }

    /// <summary>What each value of the label map means.</summary>
    public List<SegmentationLabel> Labels { get; set; } = [];

    /// <summary>What is unusual about the image.</summary>
    public List<string> Warnings { get; set; } = [];

    /// <summary>W3C trace context of the request.</summary>
    public string? TraceParent { get; set; }
}

/// <summary>The answer that a request with an Idempotency-Key got, for whoever sends it again.</summary>
public sealed class IdempotencyRow
{
    /// <summary>The hash of the key and of who may use it.</summary>
    public string Key { get; set; } = "";

    /// <summary>The hash of method, path, query and body.</summary>
    public string Request { get; set; } = "";

    /// <summary>Whose request it is while there is no answer yet: concurrency token.</summary>
    public string Owner { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>After this a request without an answer is taken for dead.</summary>
    public DateTimeOffset OwnedUntil { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Null while the first request is under way.</summary>
    public int? Status { get; set; }
    public string? ContentType { get; set; }
    public string? Location { get; set; }
    public byte[]? Body { get; set; }
}
