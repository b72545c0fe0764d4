using VerSemi.Platform.Files;

namespace VerSemi.GpuTrainer.Training;

/// <summary>What belongs to the machine and not to the recipe.</summary>
public class TrainerOptions
{
    /// <summary>"cpu", "cuda", "cuda:N", or "auto": the first GPU where there is one.</summary>
    public string Device { get; set; } = "auto";

    /// <summary>Threads of one tensor operation; null: as many as there are cores.</summary>
    public int? Threads { get; set; }

    /// <summary>Batches prepared ahead of the step, each on a thread of its own; 1…64.</summary>
    public int BatchesAhead { get; set; } = 3;

    /// <summary>Bound on volumes kept decoded in memory, in MiB; beyond it they are decoded again.</summary>
    public int CacheMiB { get; set; } = 1024;

    /// <summary>Memory of the device in MiB, for the recipe "auto" to plan with; null: what the system, or the GPU's driver, says.</summary>
    public int? MemoryMiB { get; set; }

    /// <summary>For unfinished checkpoint files; null: below the system's temporary folder.</summary>
    public string? Scratch { get; set; }

    public string ScratchFolder => Scratch ?? Path.Combine(Path.GetTempPath(), "versemi");

    /// <summary>Every fault, each naming the option, its value and what is allowed; empty where all is well.</summary>
    public virtual IEnumerable<string> Errors()
    {
        if (Threads is < 1 or > 1024)
            yield return $"Trainer:Threads is {Threads}; allowed: 1…1024, or nothing for all cores";
        if (BatchesAhead is < 1 or > 64)
            yield return $"Trainer:BatchesAhead is {BatchesAhead}; allowed: 1…64";
        if (CacheMiB < 0)
            yield return $"Trainer:CacheMiB is {CacheMiB}; allowed: 0 or more";
        foreach (var fault in PrivateFiles.ScratchFaults(ScratchFolder))
            yield return $"Trainer:Scratch: {fault}";
        if (MemoryMiB < 1)
            yield return $"Trainer:MemoryMiB is {MemoryMiB}; allowed: 1 or more, or nothing for what the device has";
    }
}
