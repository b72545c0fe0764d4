using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;

namespace VerSemi.TestKit;

/// <summary>The recipe of tests about the way, not the figures: 16³ patches; 100 steps take about two seconds on one core.</summary>
public static class QuickRecipe
{
    public static TrainingRecipe Of(int steps = 6, int checkpointEvery = 2) => RecipeBook.BuiltIn("reference") with
    {
        Name = "seconds",
        Width = 4,
        Patch = [16, 16, 16],
        LabelledBatch = 2,
        UnlabelledBatch = 2,
        Stage1Steps = steps,
        Stage2Steps = steps,
        ValidateEvery = steps,
        CheckpointEvery = checkpointEvery,
        Overlap = 0,
    };

    /// <summary>Its path, for a setting or an argument.</summary>
    public static string Write(string file, int steps = 6, int checkpointEvery = 2)
    {
        File.WriteAllText(file, JsonSerializer.Serialize(Of(steps, checkpointEvery), DomainJson.Readable));
        return file;
    }
}
