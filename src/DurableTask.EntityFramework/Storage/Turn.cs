using DurableTask.Core;
using DurableTask.EntityFramework.Rows;

namespace DurableTask.EntityFramework.Storage;

/// <summary>One turn of an instance: its history and its due messages, executed together.</summary>
internal sealed class Turn(InstanceRow row, IReadOnlyList<MessageRow> messages) : TaskOrchestrationWorkItem
{
    /// <summary>As it was claimed. Changed by the attempt to save it.</summary>
    public InstanceRow Row => row;
    public string? Owner { get; } = row.Owner;
    public IReadOnlyList<MessageRow> Messages => messages;

    /// <summary>Why it could not be executed or saved.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Its claim has ended, by its commit or by its release.</summary>
    public bool IsEnded { get; set; }
}

/// <summary>What a turn sends: activities, starts and events of other instances, timers of its own.</summary>
internal sealed record TurnMessages(IList<TaskMessage> Activities, IList<TaskMessage> Others, IList<TaskMessage> Timers);

/// <summary>One execution of an activity.</summary>
internal sealed class ActivityExecution(ActivityRow row) : TaskActivityWorkItem
{
    public ActivityRow Row => row;
    public string? Owner { get; } = row.Owner;
    public Exception? Failure { get; set; }
}
