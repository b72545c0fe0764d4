using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>A run's name by its content. The line is part of it: two lines on the same data start from different champions.</summary>
internal sealed record RunIdentity(string Line, IReadOnlyList<DatasetVersion> Datasets, string LabelSpace, string Recipe, int Seed)
{
    public static string Of(string line, IEnumerable<DatasetVersion> datasets, LabelSpace space, TrainingRecipe recipe, int seed) =>
        ContentHash.Abbreviate(ContentHash.Of(new RunIdentity(
            line, [.. datasets.OrderBy(dataset => dataset.Name, StringComparer.Ordinal)], space.Hash, recipe.Hash, seed)));
}
