namespace DurableTask.EntityFramework.Rows;

/// <summary>An activity that was scheduled and has no result. Deleted in the transaction that writes its result.</summary>
public sealed class ActivityRow
{
    public long Id { get; set; }
    public required string Instance { get; set; }
    public required string ExecutionId { get; set; }
    public required string Name { get; set; }

    /// <summary>JSON of the <see cref="DurableTask.Core.History.TaskScheduledEvent"/>.</summary>
    public required string Body { get; set; }

    /// <summary>Executions in succession whose result could not be saved.</summary>
    public int Failures { get; set; }

    /// <summary>PostgreSQL: identifies the claim that executes it now; concurrency token. Always null on SQLite.</summary>
    public string? Owner { get; set; }

    /// <summary>PostgreSQL: by the database's clock; not claimed before. Always null on SQLite.</summary>
    public DateTime? LockedUntil { get; set; }
}
