using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Service;

/// <summary>Settings of the trainer service; validated at start, every error at once.</summary>
public sealed class GpuTrainerOptions : TrainerOptions
{
    /// <summary>Names this process to the orchestrator: unique per process start.</summary>
    public string Worker { get; set; } = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    /// <summary>How long a claim, a heartbeat or an end waits for its answer before it is asked again.</summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(10);

    public override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors())
            yield return error;
        if (string.IsNullOrWhiteSpace(Worker))
            yield return "Trainer:Worker is empty; allowed: a name that is unique per process start";
        if (AnswerWithin <= TimeSpan.Zero)
            yield return $"Trainer:AnswerWithin is {AnswerWithin}; allowed: more than 0";
    }
}
