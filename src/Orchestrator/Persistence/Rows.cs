using VerSemi.Domain.Labels;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Promotion;

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
}
