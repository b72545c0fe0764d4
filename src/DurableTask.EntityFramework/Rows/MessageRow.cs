namespace DurableTask.EntityFramework.Rows;

/// <summary>
/// An event that an instance has not processed: a result, an external event, a timer. Deleted by the turn that processes it.
/// </summary>
public sealed class MessageRow
{
    public long Id { get; set; }
    public required string Instance { get; set; }

    /// <summary>The execution it is for; null: whichever runs.</summary>
    public string? ExecutionId { get; set; }

    /// <summary>Not delivered before. The Unix epoch: at once, so that the sender's clock does not matter.</summary>
    public DateTime DueAt { get; set; }

    /// <summary>The order of delivery: when a timer is due, or when the sender wrote the message.</summary>
    public DateTime HappensAt { get; set; }

    /// <summary>A termination that the sub-orchestrations get as well.</summary>
    public bool Recursive { get; set; }

    /// <summary>Class of the event in DurableTask.Core.History.</summary>
    public required string Kind { get; set; }

    /// <summary>JSON of the event.</summary>
    public required string Body { get; set; }
}
