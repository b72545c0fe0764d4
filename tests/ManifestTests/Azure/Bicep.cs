using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.ManifestTests.Azure;

/// <summary>The compiler of infra/, as its NuGet package brings it.</summary>
internal static class Bicep
{
    private static readonly Lazy<Task<string>> _compiled = new(CompileAsync);

    public static string Infra { get; } = Repository.PathOf("infra");

    public static IReadOnlyList<string> Environments { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Infra, "environments"), "*.bicepparam").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    /// <summary>The template of "main" or "modules/cluster", as it is sent to Azure.</summary>
    public static async Task<JsonObject> TemplateAsync(string name) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(await _compiled.Value, name + ".json"), TestContext.Current.CancellationToken))!.AsObject();

    /// <summary>What the compiler said: its warnings and errors, and nothing else.</summary>
    public static async Task<string> SayingsAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { WorkingDirectory = Infra, RedirectStandardError = true, RedirectStandardOutput = true };
        // The parameter sets read these.
        (start.Environment["VERSEMI_ADMINISTRATORS"], start.Environment["VERSEMI_DATABASE_PASSWORD"]) = (Guid.Empty.ToString(), new string('p', 32));
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return process.ExitCode == 0 ? await errors : $"It exited with {process.ExitCode}. {await errors}";
    }

    private static string Program { get; } = TestServers.RequireProgram("bicep", Path.GetDirectoryName(
        typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Bicep").Value)!);

    private static async Task<string> CompileAsync()
    {
        var folder = Directory.CreateTempSubdirectory("versemi-bicep").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Assert.Empty(await SayingsAsync("build", "--pattern", "**/*.bicep", "--outdir", folder));
        return folder;
    }
}
