namespace DurableTask.EntityFramework.Rows;

/// <summary>One event of an instance's history. Append-only; continue-as-new deletes the history of the execution before.</summary>
public sealed class HistoryRow
{
    public required string Instance { get; set; }

    /// <summary>Ascending within the instance.</summary>
    public int Number { get; set; }

    /// <summary>Class of the event in DurableTask.Core.History.</summary>
    public required string Kind { get; set; }

    /// <summary>JSON of the event.</summary>
    public required string Body { get; set; }
}
