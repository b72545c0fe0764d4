using System.CommandLine;
using VerSemi.Cli.Hosting;
using VerSemi.Domain.Recipes;

namespace VerSemi.Cli;

/// <summary>Options that more than one command has.</summary>
internal static class SharedOptions
{
    public static Option<string?> Data { get; } = new("--data")
    {
        Description = "The data folder (default: VERSEMI_DATA, else ./versemi-data)",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON instead of tables", Recursive = true };

    /// <summary>A fresh one per command: a command without it must refuse it.</summary>
    public static Option<string?> Recipe() => new("--recipe")
    {
        Description = $"How to train: {string.Join(", ", RecipeBook.Names)}, or a JSON file; auto is planned from the data and the device's memory",
    };

    public static DataFolder DataFolder(this ParseResult parsed, string fallback = "versemi-data")
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("VERSEMI_DATA");
        var path = parsed.GetValue(Data) ?? (string.IsNullOrEmpty(fromEnvironment) ? fallback : fromEnvironment);
        return new DataFolder(Path.GetFullPath(path));
    }

    /// <summary>A recipe's name as it is; a file's path such that it means the same in every folder.</summary>
    public static string? Absolute(string? nameOrFile) =>
        nameOrFile is null || RecipeBook.Names.Contains(nameOrFile) ? nameOrFile : Path.GetFullPath(nameOrFile);

    public static TrainingRecipe? ReadRecipe(string? nameOrFile)
    {
        if (nameOrFile is null)
            return null;
        if (RecipeBook.Names.Contains(nameOrFile))
            return RecipeBook.BuiltIn(nameOrFile);
        if (!File.Exists(nameOrFile))
            throw new UsageException($"--recipe {nameOrFile} is neither a built-in recipe ({string.Join(", ", RecipeBook.Names)}) nor a file.");
        return RecipeBook.Parse(File.ReadAllText(nameOrFile), nameOrFile);
    }
}
