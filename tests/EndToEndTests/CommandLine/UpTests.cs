using System.Text.Json;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

public class UpTests
{
    [Fact]
    public async Task One_platform_a_data_folder_and_the_second_says_who_has_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scenario = new Scenario();
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, cancellation);

        var (code, _, errors) = await VersemiProcess.RunAsync(["up", "--data", scenario.Data], cancellation: cancellation);
        var (status, _, _) = await VersemiProcess.RunAsync(["status", "--data", scenario.Data], cancellation: cancellation);

        Assert.Equal(1, code);
        Assert.Contains($"process {platform.Process.Id}", errors);
        Assert.Equal(0, status);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task To_be_told_to_stop_ends_it(string signal)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scenario = new Scenario();
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, cancellation);

        await platform.Process.SignalAsync(signal);

        Assert.Equal(0, await platform.Process.WaitAsync(cancellation));
        Assert.False(File.Exists(Path.Combine(scenario.Data, "up.json")));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task To_be_told_so_while_it_starts_leaves_no_address_behind(string signal)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scenario = new Scenario();
        await using var up = VersemiProcess.Start(["up", "--data", scenario.Data, "--recipe", scenario.Recipe, "--port", "0"], RunningPlatform.Quick);
        await Eventually.TrueAsync("it has the lock", () => Task.FromResult(File.Exists(Path.Combine(scenario.Data, "up.json"))), cancellation);

        await up.SignalAsync(signal);

        Assert.Contains(await up.WaitAsync(cancellation), new[] { 0, 130 });
        Assert.False(File.Exists(Path.Combine(scenario.Data, "up.json")));
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Emptied)]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.Anothers)]
    [InlineData(Damage.Older)]
    [InlineData(Damage.Deleted)]
    public async Task An_address_that_something_else_changed_is_written_again(Damage damage)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scenario = new Scenario();
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, cancellation);
        var file = Path.Combine(scenario.Data, "up.json");
        var before = await File.ReadAllTextAsync(file, cancellation);
        var older = """{"address": "http://127.0.0.1:9", "pid": 1, "started": "2026-01-01T00:00:00+00:00", "command": "up"}"""u8.ToArray();
        Damages.Do(damage, file, older, older);

        var (status, _, errors) = await VersemiProcess.RunAsync(["status", "--data", scenario.Data], cancellation: cancellation);

        Assert.True(status == 0, errors);
        await Eventually.TrueAsync("up.json is as before", async () => File.Exists(file) && await File.ReadAllTextAsync(file, cancellation) == before, cancellation);
    }

    [Fact]
    public async Task An_address_that_a_killed_platform_left_behind_is_not_believed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scenario = new Scenario();
        await using (var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, cancellation))
            await platform.Process.KillAsync();
        Assert.True(File.Exists(Path.Combine(scenario.Data, "up.json")));

        var (code, output, errors) = await VersemiProcess.RunAsync(["status", "--json", "--data", scenario.Data], cancellation: cancellation);

        Assert.True(code == 0, errors);
        using var _ = JsonDocument.Parse(output);
    }

    [Fact]
    public async Task Settings_that_cannot_be_are_all_named_at_once()
    {
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string> { ["VERSEMI__TRAINER__CACHEMIB"] = "-1", ["VERSEMI__INGEST__MAXFILES"] = "0" };

        var (code, _, errors) = await VersemiProcess.RunAsync(["up", "--data", folder["data"], "--port", "0"], environment, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Equal(2, errors.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("CacheMiB", errors);
        Assert.Contains("MaxFiles", errors);
    }
}
