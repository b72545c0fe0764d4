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

    /// <summary>In place of the data folder.</summary>
    public static Option<string[]> Server { get; } = new("--server")
    {
        Description = "Address of a running platform to work on in place of a data folder, as http://127.0.0.1:5080 (default: VERSEMI_SERVER, else none); may be repeated for replicas: the first that answers is asked",
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
        if (parsed.Servers().Count > 0)
            throw OnlyOnDataFolder(parsed);
        var fromEnvironment = Environment.GetEnvironmentVariable("VERSEMI_DATA");
        var path = parsed.GetValue(Data) ?? (string.IsNullOrEmpty(fromEnvironment) ? fallback : fromEnvironment);
        return new DataFolder(Path.GetFullPath(path));
    }

    /// <summary>The platform's addresses; none where the command works on a data folder. What was typed beats the environment.</summary>
    public static IReadOnlyList<Uri> Servers(this ParseResult parsed)
    {
        var (typed, data) = (parsed.GetValue(Server) ?? [], parsed.GetValue(Data));
        if (typed.Length > 0)
            return data is null ? Addresses(typed, "--server") : throw new UsageException("--server and --data exclude each other: a command works on a running platform or on a data folder.");
        var fromEnvironment = Environment.GetEnvironmentVariable("VERSEMI_SERVER");
        if (data is not null || string.IsNullOrWhiteSpace(fromEnvironment))
            return [];
        return string.IsNullOrEmpty(Environment.GetEnvironmentVariable("VERSEMI_DATA"))
            ? Addresses(fromEnvironment.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries), "VERSEMI_SERVER")
            : throw new UsageException("VERSEMI_SERVER and VERSEMI_DATA are both set: unset one, or say --server or --data.");
    }

    /// <summary>For commands that have a folder of their own.</summary>
    public static void RefuseServer(this ParseResult parsed)
    {
        if (parsed.GetValue(Server) is { Length: > 0 })
            throw OnlyOnDataFolder(parsed);
    }

    private static UsageException OnlyOnDataFolder(ParseResult parsed) =>
        new($"'versemi {parsed.CommandResult.Command.Name}' works on a folder of this machine, not on a server. Leave --server out (or unset VERSEMI_SERVER), or name the data folder with --data.");

    private static List<Uri> Addresses(IEnumerable<string> texts, string source) => [.. texts.Select(text =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { Query: "", Fragment: "" }
            ? address
            : throw new UsageException($"{source} {text} is not the address of a platform. Give one as http://127.0.0.1:5080."))];

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
