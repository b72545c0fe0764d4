namespace VerSemi.Orchestrator.Retention;

/// <summary>How long what is no longer needed stays, before `versemi gc` deletes it. Each from zero up.</summary>
public sealed class RetentionOptions
{
    /// <summary>A drop's files after its final report, where all that can be used of it is in its dataset (committed or unchanged).</summary>
    public TimeSpan Incoming { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Checkpoints of a run after its cycle has ended: the same cycle started again begins anew then.</summary>
    public TimeSpan Checkpoints { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Weights of a training that became no model, after its cycle has ended.</summary>
    public TimeSpan UnpromotedModels { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Files of an import, adopted or not, after they were laid down.</summary>
    public TimeSpan Imports { get; set; } = TimeSpan.FromDays(7);

    internal IEnumerable<string> Errors()
    {
        foreach (var (setting, span) in new[] { ("Incoming", Incoming), ("Checkpoints", Checkpoints), ("UnpromotedModels", UnpromotedModels), ("Imports", Imports) })
            if (span < TimeSpan.Zero || span > TimeSpan.FromDays(36500))
                yield return $"Orchestrator:Retention:{setting} is {span}: zero to 36500 days is possible, as 30.00:00:00.";
    }
}
