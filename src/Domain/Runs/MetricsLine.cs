namespace VerSemi.Domain.Runs;

/// <summary>One line of metrics.jsonl: a step, a validation after a step, or an epoch's use of unlabelled images.</summary>
public sealed record MetricsLine
{
    /// <summary>Steps done.</summary>
    public required int Step { get; init; }
    public required int Stage { get; init; }
    public double? Loss { get; init; }

    /// <summary>Unweighted.</summary>
    public IReadOnlyDictionary<string, double>? Terms { get; init; }
    public double? LearningRate { get; init; }

    /// <summary>Before clipping.</summary>
    public double? GradientNorm { get; init; }
    public double? SamplesPerSecond { get; init; }

    /// <summary>Share of the time since the run's start that was spent waiting for data, 0…1.</summary>
    public double? WaitingShare { get; init; }
    public ValidationScore? Validation { get; init; }

    /// <summary>Of the epoch of stage 2 that ends with this step: a line of its own.</summary>
    public UnlabelledUse? Unlabelled { get; init; }
    public string? LabelSpaceHash { get; init; }
}

/// <summary>One evaluation on validation.</summary>
/// <param name="MeanDice">Mean over the tasks.</param>
/// <param name="Dice">Mean over the cases annotated for a task, by task id.</param>
public sealed record ValidationScore(int Step, WeightsKind Weights, double MeanDice, IReadOnlyDictionary<string, double> Dice);

/// <summary>Which of the two weights of a step.</summary>
public enum WeightsKind
{
    Raw,

    /// <summary>EMA.</summary>
    Average,
}
