using System.Text.Json;

namespace VerSemi.Domain.Recipes;

/// <summary>The built-in recipes, and how a recipe is read from JSON.</summary>
public static class RecipeBook
{
    public static IReadOnlyList<string> Names { get; } = typeof(RecipeBook).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("recipes/", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).Order().ToList()!;

    public static TrainingRecipe BuiltIn(string name)
    {
        using var stream = typeof(RecipeBook).Assembly.GetManifestResourceStream($"recipes/{name}.json")
            ?? throw new DomainException($"There is no built-in recipe '{name}'. Built in: {string.Join(", ", Names)}; or give the path of a JSON file.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), name);
    }

    /// <param name="source">Named in errors.</param>
    public static TrainingRecipe Parse(string json, string source)
    {
        TrainingRecipe recipe;
        try
        {
            recipe = JsonSerializer.Deserialize<TrainingRecipe>(json, Strict) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new DomainException($"Recipe {source} is not a recipe: {e.Message}", e);
        }
        var errors = recipe.Validate();
        return errors.Count == 0 ? recipe : throw new DomainException(string.Join(Environment.NewLine, errors));
    }

    // A misspelt member would silently be a default, and "patch": null a crash in the checks.
    private static readonly JsonSerializerOptions Strict = new(DomainJson.Readable)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };
}
