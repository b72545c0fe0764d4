using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>Other users of the machine, and what the platform leaves on its disk.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivateFolderTests : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
    private const UnixFileMode NotTheOwner = (UnixFileMode)0b000_111_111;

    private readonly Scenario _scenario = new();
    private readonly Dictionary<string, string> _settings;

    public PrivateFolderTests() => _settings = new(RunningPlatform.Quick) { ["VERSEMI__ACCESS__TOKENS"] = "true" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task From_drop_to_promotion_nothing_can_be_opened_by_others_where_the_user_masks_nothing()
    {
        await using var up = Start("umask 0; exec", ["up", "--data", _scenario.Data, "--recipe", _scenario.Recipe, "--port", "0"]);
        await Eventually.TrueAsync("it is up", () => up.HasExited
            ? throw new InvalidOperationException(up.Output + up.Errors)
            : Task.FromResult(File.Exists(Path.Combine(_scenario.Data, "up.json")) && JsonNode.Parse(File.ReadAllText(Path.Combine(_scenario.Data, "up.json")))!["address"] is not null), Stop);
        await using (var drop = Start("umask 0; exec", ["drop", _scenario.Dataset(1), "--wait", "--data", _scenario.Data]))
            Assert.True(await drop.WaitAsync(Stop) == 0, drop.Output + drop.Errors);

        Assert.True(File.Exists(_scenario.Production));
        foreach (var file in new[] { "versemi.db", "versemi.db-wal", "versemi.db-shm", "up.json", "up.key", "lock", "incoming/tiny1/dataset.json" })
            Assert.True(File.Exists(Path.Combine(_scenario.Data, file)), file);
        Assert.Empty(Loose());
    }

    [Fact]
    public async Task A_data_folder_that_others_can_open_is_refused_with_the_command_that_mends_it()
    {
        Directory.CreateDirectory(_scenario.Data, Everybody);
        File.SetUnixFileMode(_scenario.Data, Everybody & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        foreach (string[] command in new[] { new[] { "up", "--port", "0" }, ["status"], ["drop", _scenario.Dataset(1)] })
            await AssertRefusedAsync(command, $"chmod 700 {_scenario.Data}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_scenario.Data));

        await ShellAsync($"chmod 700 {_scenario.Data}");
        Assert.Equal(0, (await VersemiProcess.RunAsync(["status", "--data", _scenario.Data], _settings, Stop)).ExitCode);
    }

    [Fact]
    public async Task So_is_a_database_in_it()
    {
        Directory.CreateDirectory(_scenario.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(0, (await VersemiProcess.RunAsync(["status", "--data", _scenario.Data], _settings, Stop)).ExitCode);
        var database = Path.Combine(_scenario.Data, "versemi.db");
        await ShellAsync($"chmod 644 {database}");
        await AssertRefusedAsync(["up", "--port", "0"], $"chmod 600 {database}");

        await ShellAsync($"chmod 600 {database}");
        Assert.Equal(0, (await VersemiProcess.RunAsync(["status", "--data", _scenario.Data], _settings, Stop)).ExitCode);
    }

    [Fact]
    public async Task A_token_needs_an_end_or_the_word_that_it_has_none()
    {
        foreach (var (arguments, said) in new (string[], string)[] { ([], "--no-expiry"), (["--expires", "soon"], "90d"), (["--expires", "1d", "--no-expiry"], "exclude each other") })
        {
            var (code, _, errors) = await VersemiProcess.RunAsync(["tokens", "add", "ann", "--role", "viewer", .. arguments, "--data", _scenario.Data], _settings, Stop);
            Assert.Equal(2, code);
            Assert.Contains(said, errors, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(_scenario.Data));
    }

    private async Task AssertRefusedAsync(string[] command, string mend)
    {
        var (code, _, errors) = await VersemiProcess.RunAsync([.. command, "--data", _scenario.Data], _settings, Stop);
        Assert.Equal((command[0], 1), (command[0], code));
        Assert.EndsWith(mend, errors.TrimEnd(), StringComparison.Ordinal);
    }

    private IEnumerable<string> Loose() => new DirectoryInfo(_scenario.Data).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(new DirectoryInfo(_scenario.Data))
        .Where(entry => (entry.UnixFileMode & NotTheOwner) != 0).Select(entry => $"{entry.FullName}: {entry.UnixFileMode}");

    private VersemiProcess Start(string before, string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in new[] { "-c", $"{before} dotnet \"$@\"", "sh", Repository.PathOf("src", "Cli", "bin", Repository.Configuration, "net10.0", "VerSemi.Cli.dll") }.Concat(arguments))
            start.ArgumentList.Add(argument);
        start.Environment.Remove("VERSEMI_DATA");
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;
        return VersemiProcess.Start(start);
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync(Stop);
        Assert.Equal(0, shell.ExitCode);
    }
}
