using VerSemi.Domain;
using VerSemi.Domain.Recipes;

namespace VerSemi.Orchestrator;

/// <summary>Each line's recipe, read once at start: a cycle keeps the one it started with.</summary>
internal sealed class LineRecipes(OrchestratorOptions options)
{
    private readonly Dictionary<string, TrainingRecipe> _recipes = options.Lines.ToDictionary(line => line.Key, line => Read(line.Value.Recipe));

    public IEnumerable<string> Lines => _recipes.Keys;

    public TrainingRecipe Of(string line) => _recipes.TryGetValue(line, out var recipe) ? recipe : throw new UnknownNameException(
        $"There is no line '{line}'. There is: {string.Join(", ", _recipes.Keys)}.");

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
