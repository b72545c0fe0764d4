using DurableTask.Core;

namespace DurableTask.EntityFramework.Rows;

/// <summary>
/// One orchestration instance as queries see it. <see cref="Owner"/> and <see cref="ExecutionId"/> are concurrency tokens: a
/// process that lost its lock, or whose execution was replaced, cannot commit.
/// </summary>
public sealed class InstanceRow
{
    public required string Id { get; set; }

    /// <summary>Changes with continue-as-new and when the id is reused.</summary>
    public required string ExecutionId { get; set; }
    public required string Name { get; set; }
    public string? Version { get; set; }
    public OrchestrationStatus Status { get; set; }

    /// <summary>JSON, as the caller serialised it; the same holds for status and output.</summary>
    public string? Input { get; set; }
    public string? CustomStatus { get; set; }
    public string? Output { get; set; }

    /// <summary>JSON of <see cref="FailureDetails"/>; null unless <see cref="Status"/> is Failed.</summary>
    public string? Failure { get; set; }

    /// <summary>JSON object of strings.</summary>
    public string? Tags { get; set; }

    /// <summary>Id of the instance that started this one as a sub-orchestration.</summary>
    public string? ParentId { get; set; }

    /// <summary>JSON of <see cref="ParentInstance"/>: which call of the parent waits for the result.</summary>
    public string? Parent { get; set; }
    public DateTime CreatedAt { get; set; }
    public DateTime UpdatedAt { get; set; }
    public DateTime? CompletedAt { get; set; }

    /// <summary>Not started before; null: at once.</summary>
    public DateTime? StartsAt { get; set; }

    /// <summary>Number of the next history event; 0 before the first turn.</summary>
    public int NextEvent { get; set; }

    /// <summary>Turns that failed in succession; 0 after a turn that was saved.</summary>
    public int Failures { get; set; }

    /// <summary>Of the last failed turn; null after a turn that was saved.</summary>
    public string? LastError { get; set; }

    /// <summary>PostgreSQL: identifies the claim that executes a turn now. Always null on SQLite.</summary>
    public string? Owner { get; set; }

    /// <summary>PostgreSQL: by the database's clock; not claimed before. Always null on SQLite.</summary>
    public DateTime? LockedUntil { get; set; }

    public bool IsCompleted => CompletedAt is not null;
}
