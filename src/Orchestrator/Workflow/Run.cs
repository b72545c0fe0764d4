using MassTransit;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>One candidate's training and evaluation, whatever number of attempts they take. A row; <see cref="RunMachine"/> says what may happen to it.</summary>
public sealed class Run : SagaStateMachineInstance, ISagaRow
{
    public Guid CorrelationId { get; set; }
    public int Version { get; set; }
    public string Kind => "run";

    /// <summary>Hash of dataset versions, label space, recipe and seed.</summary>
    public string Id { get; set; } = "";
    public string Line { get; set; } = "";

    /// <summary>The newest cycle that wants it; empty between the retry of a failed cycle and its next asking.</summary>
    public string Cycle { get; set; } = "";
    public string State { get; set; } = "";
    public string? Reason { get; set; }
    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset? RungAt { get; set; }
    public string? TraceParent { get; set; }

    /// <summary>How often a worker was called for since the run last changed its state.</summary>
    public int Calls { get; set; }

    /// <summary>The newest lease's number: the fencing token.</summary>
    public int Attempt { get; set; }

    /// <summary>Whose model is the candidate; null until trained.</summary>
    public int? TrainedAttempt { get; set; }

    /// <summary>Mean Dice on validation of the trained candidate; null until trained, or where there are no validation cases.</summary>
    public double? ValidationDice { get; set; }

    /// <summary>False: one of several candidates, which waits after its training until it is chosen.</summary>
    public bool Evaluate { get; set; } = true;

    public int InfrastructureFailures { get; set; }
    public int OutOfMemoryFailures { get; set; }
    public int DataFailures { get; set; }

    /// <summary>Of code and of numerics: neither is expected, and both budgets are small.</summary>
    public int CodeFailures { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Not stored: how long the state that is being entered waits before it calls for a worker.</summary>
    public TimeSpan? Pause { get; set; }

    /// <summary>Trained, and nobody wants more of it for now.</summary>
    public bool Rests => TrainedAttempt is not null && !Evaluate;

    public WorkKind NextWork => TrainedAttempt is null ? WorkKind.Train : WorkKind.Evaluate;

    /// <summary>Counts one more failure of this kind and returns how many there are now.</summary>
    public int Count(FailureKind failure) => failure switch
    {
        FailureKind.Infrastructure => ++InfrastructureFailures,
        FailureKind.OutOfMemory => ++OutOfMemoryFailures,
        // Both are of what the run reads, and share a row's counter.
        FailureKind.Data or FailureKind.Content => ++DataFailures,
        FailureKind.Code or FailureKind.Numerics => ++CodeFailures,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "unknown kind of failure"),
    };
}
