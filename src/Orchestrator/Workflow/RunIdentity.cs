using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>
/// A run's name by its content. The line is part of it: two lines on the same data start from different champions. So is
/// a schedule's time, where there is one: a retraining on the same data is a run of its own.
/// </summary>
internal sealed record RunIdentity(string Line, IReadOnlyList<DatasetVersion> Datasets, string LabelSpace, string Recipe, int Seed, DateTimeOffset? ScheduledFor)
{
    public static string Of(string line, IEnumerable<DatasetVersion> datasets, LabelSpace space, TrainingRecipe recipe, int seed, DateTimeOffset? scheduledFor = null) =>
        ContentHash.Abbreviate(ContentHash.Of(new RunIdentity(
            line, [.. datasets.OrderBy(dataset => dataset.Name, StringComparer.Ordinal)], space.Hash, recipe.Hash, seed, scheduledFor?.ToUniversalTime())));
}
