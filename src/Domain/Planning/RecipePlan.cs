using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Planning;

/// <summary>
/// Content of runs/run/plan.json: the recipe that a run is trained by, why, and what that is expected to cost. Written
/// by the first attempt; later ones keep to it, whatever machine they run on.
/// </summary>
public sealed record RecipePlan
{
    /// <summary>Hash of the specification's recipe: a plan for another one says nothing.</summary>
    public required string Asked { get; init; }

    /// <summary>Nothing in it is left to plan.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Millimetres along R, A, S by modality, of every modality in the data.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Spacing { get; init; }

    /// <summary>Empty where the recipe was not "auto" and its step fits into the memory.</summary>
    public IReadOnlyList<PlannedChoice> Choices { get; init; } = [];

    /// <summary>False: the recipe's own spacing holds, or else that of a modality's first dataset.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasPlannedSpacing => Choices.Any(choice => choice.Choice == PlannedChoice.Spacing);
    public required DeviceFacts Device { get; init; }

    /// <summary>Null where nothing could be measured.</summary>
    public TrainingForecast? Forecast { get; init; }

    /// <summary>Hashes of this run's earlier recipes, which ran out of memory. Their checkpoints are this recipe's, too.</summary>
    public IReadOnlyList<string> Outgrown { get; init; } = [];
}

/// <summary>One thing that was planned.</summary>
/// <param name="Choice">"spacing", "patch", "batch", ….</param>
/// <param name="Reason">In words, with the numbers that it came from.</param>
public sealed record PlannedChoice(string Choice, string Value, string Reason)
{
    public const string Spacing = "spacing";

    public override string ToString() => $"{Choice} {Value}: {Reason}";
}
