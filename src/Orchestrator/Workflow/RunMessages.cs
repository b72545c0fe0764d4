using VerSemi.Domain.Messages;

namespace VerSemi.Orchestrator.Workflow;

public interface IRunMessage
{
    string Run { get; }
}

/// <summary>Command: bring this run to its end. The run answers with how far it is, however often it is asked.</summary>
/// <param name="Evaluate">False: only train it; it may be asked for the rest later.</param>
/// <param name="Again">Its evaluation cannot be read: a run that was evaluated is evaluated again.</param>
public sealed record PursueRun(string Run, string Line, string Cycle, bool Evaluate = true, bool Again = false) : IRunMessage;

/// <summary>Command: stop this run. Answer: <see cref="RunCancelled"/>, at once or when its worker is gone.</summary>
public sealed record CancelRun(string Run, string Line, string Cycle) : IRunMessage;

/// <summary>Event: the call for a worker may have been lost.</summary>
public sealed record RunRung(string Run, bool Always) : IRunMessage;

/// <summary>Request: a lease for this worker. Answer: <see cref="LeaseAnswer"/>.</summary>
/// <param name="TrainedAttempt">The attempt whose finished training lies in the blob store, though nobody may have said so.</param>
/// <param name="Evaluated">The reports lie there, too.</param>
/// <param name="Dice">That training's mean Dice on validation.</param>
public sealed record LeaseAsked(string Run, string Worker, int? TrainedAttempt, bool Evaluated, double? Dice = null) : IRunMessage;

/// <summary>The end of a lease, one record for each way. Answer, where it is asked for: <see cref="HeartbeatAnswer"/>.</summary>
public interface ILeaseEnd : IRunMessage
{
    int Attempt { get; }

    /// <summary>The word in the attempt's row.</summary>
    string Outcome { get; }
}

/// <param name="TrainedAttempt">Whose result.json is there: this attempt's, or that of an earlier one which nobody had heard the end of.</param>
/// <param name="Dice">Its mean on validation.</param>
public sealed record TrainingDone(string Run, int Attempt, int TrainedAttempt, double? Dice = null) : ILeaseEnd
{
    public string Outcome => nameof(WorkOutcome.Done);
}

public sealed record EvaluationDone(string Run, int Attempt) : ILeaseEnd
{
    public string Outcome => nameof(WorkOutcome.Done);
}

public sealed record LeaseHandedBack(string Run, int Attempt, string Outcome) : ILeaseEnd;

public sealed record AttemptFailed(string Run, int Attempt, FailureKind Failure, string Reason) : ILeaseEnd
{
    public string Outcome => nameof(WorkOutcome.Failed);
}

/// <summary>From the sweep: nobody renewed the lease in time.</summary>
public sealed record LeaseRanOut(string Run, int Attempt) : ILeaseEnd
{
    public string Outcome => "Expired";
}
