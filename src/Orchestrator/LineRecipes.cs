using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator;

/// <summary>Each line's candidates, their recipes read once at start: a cycle keeps those it started with.</summary>
internal sealed class LineRecipes(OrchestratorOptions options)
{
    public const int MostCandidates = 16;

    private readonly Dictionary<string, IReadOnlyList<Candidate>> _candidates = options.Lines.ToDictionary(line => line.Key, line => Candidates(line.Value));

    public IEnumerable<string> Lines => _candidates.Keys;

    /// <summary>Of the first candidate.</summary>
    public TrainingRecipe Of(string line) => CandidatesOf(line)[0].Recipe;

    /// <summary>At least one; without runs.</summary>
    public IReadOnlyList<Candidate> CandidatesOf(string line) => _candidates.TryGetValue(line, out var candidates) ? candidates : throw new UnknownNameException(
        $"There is no line '{line}'. There is: {string.Join(", ", _candidates.Keys)}.");

    private static IReadOnlyList<Candidate> Candidates(LineOptions line) =>
    [
        .. from recipe in (line.Recipes.Count > 0 ? line.Recipes : [line.Recipe]).Distinct().Select(Read)
           from seed in (line.Seeds.Count > 0 ? line.Seeds : [line.Seed]).Distinct()
           select new Candidate("", recipe, seed),
    ];

    /// <param name="recipe">A built-in recipe's name, or the path of a file.</param>
    public static TrainingRecipe Read(string recipe)
    {
        if (RecipeBook.Names.Contains(recipe) || !recipe.EndsWith(".json", StringComparison.Ordinal))
            return RecipeBook.BuiltIn(recipe);
        return File.Exists(recipe)
            ? RecipeBook.Parse(File.ReadAllText(recipe), recipe)
            : throw new DomainException($"There is no recipe file '{recipe}'. Give its full path, or one of: {string.Join(", ", RecipeBook.Names)}.");
    }
}
