using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Service;

/// <summary>Settings of the trainer service; validated at start, every error at once.</summary>
public sealed class GpuTrainerOptions : TrainerOptions
{
    /// <summary>Names this process to the orchestrator: unique per process start.</summary>
    public string Worker { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <summary>Where it takes its runs from: "training", or "training-on-demand" (Orchestrator:SpotAttempts).</summary>
    public string Queue { get; set; } = Queues.Training;

    /// <summary>How long a claim, a heartbeat or an end waits for its answer before it is asked again.</summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Take one message, finish its work and exit: one process a message, as a Kubernetes Job.</summary>
    public bool OneShot { get; set; }

    /// <summary>How long a one-shot process waits for its message before it exits.</summary>
    public TimeSpan OneShotWait { get; set; } = TimeSpan.FromSeconds(30);

    public override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors())
            yield return error;
        if (string.IsNullOrWhiteSpace(Worker))
            yield return "Trainer:Worker is empty; allowed: a name that is unique per process start";
        if (Queue is not (Queues.Training or Queues.TrainingOnDemand))
            yield return $"Trainer:Queue is '{Queue}'; allowed: {Queues.Training}, {Queues.TrainingOnDemand}";
        if (AnswerWithin <= TimeSpan.Zero)
            yield return $"Trainer:AnswerWithin is {AnswerWithin}; allowed: more than 0";
        if (OneShotWait <= TimeSpan.Zero)
            yield return $"Trainer:OneShotWait is {OneShotWait}; allowed: more than 0";
    }
}
