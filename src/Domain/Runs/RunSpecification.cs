using System.Text.Json.Serialization;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Runs;

/// <summary>
/// All that a trainer needs to know: content of runs/run/spec.json, written before the run is queued. A run's id is the
/// hash of dataset versions, label space, recipe and seed (and the scheduled time of a cron start).
/// </summary>
public sealed record RunSpecification
{
    public required string Run { get; init; }
    public required string Line { get; init; }
    public required LabelSpace LabelSpace { get; init; }
    public required IReadOnlyList<DatasetVersion> Datasets { get; init; }
    public required TrainingRecipe Recipe { get; init; }
    public required int Seed { get; init; }

    /// <summary>The schedule's time, for a cron start: the same data trained again is a run of its own.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Version of the line's champion: warm start, and the opponent in evaluation. Null before the first promotion.</summary>
    public int? Champion { get; init; }
}

public sealed record DatasetVersion(string Name, string Version)
{
    public override string ToString() => $"{Name}/{Version}";
}

/// <summary>Content of an attempt's result.json, written last: the training finished and its model is whole.</summary>
/// <param name="Validation">Mean Dice per task id on validation, of the weights that were kept.</param>
public sealed record TrainingResult(string Run, int Attempt, int Steps, double Seconds, double WaitingForDataShare, IReadOnlyDictionary<string, double> Validation)
{
    /// <summary>What was expected before the training began; null where nothing was.</summary>
    public TrainingForecast? Forecast { get; init; }

    /// <summary>The most that the process held at once, over all that it did; null where that is not known, as on a GPU.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>The last alarm of each prediction that collapsed, over all attempts; empty in results of earlier versions.</summary>
    public IReadOnlyList<CollapseAlarm> Alarms { get; init; } = [];

    /// <summary>What it took, in the forecast's words.</summary>
    [JsonIgnore]
    public string Cost => TrainingForecast.Words(Seconds, PeakMemoryBytes);
}
