using System.Text.Json.Nodes;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

public class DropTests(PromotedFixture promoted)
{
    [Fact]
    public void A_drop_that_is_waited_for_ends_with_0_and_the_verdict_where_it_was_promoted()
    {
        Assert.True(promoted.Drop.ExitCode == 0, promoted.Drop.Errors);
        var cycle = JsonNode.Parse(promoted.Drop.Output)!["cycles"]!.AsArray().Single()!;
        Assert.Equal("Completed", cycle["cycle"]!["state"]!.GetValue<string>());
        Assert.Equal("tiny1/ball", cycle["judgement"]!["tasks"]![0]!["task"]!.GetValue<string>());
        Assert.Equal(1, JsonNode.Parse(File.ReadAllText(promoted.Scenario.Production))!["generation"]!.GetValue<int>());
    }

    [Fact]
    public void A_command_that_hosted_the_platform_leaves_no_address_behind() => Assert.False(promoted.LeftAnAddress);

    [Fact]
    public async Task A_refused_drop_ends_with_1_and_its_reason()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["broken"]);
        await File.WriteAllTextAsync(Path.Combine(folder["broken"], "dataset.json"), "{ \"labels\": ", TestContext.Current.CancellationToken);

        var (code, _, errors) = await VersemiProcess.RunAsync(["drop", folder["broken"], "--wait", "--data", folder["data"]],
            new Dictionary<string, string>(RunningPlatform.Quick) { ["VERSEMI__INGEST__QUIETPERIOD"] = "00:00:00" }, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Contains("'broken' was refused", errors);
        Assert.Contains("dataset.json", errors);
    }

    [Fact]
    public async Task An_interrupted_wait_ends_with_130_and_hands_the_work_back()
    {
        using var scenario = new Scenario(steps: 5000);
        await using var drop = VersemiProcess.Start(["drop", scenario.Dataset(1), "--wait", "--recipe", scenario.Recipe, "--data", scenario.Data], RunningPlatform.Quick);
        await Eventually.TrueAsync("the training has begun", () => Task.FromResult(drop.Output.Contains("stage 1", StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        await drop.SignalAsync("INT");

        Assert.Equal(130, await drop.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(scenario.Data, "runs"), "*", SearchOption.AllDirectories), file => file.Contains("checkpoints", StringComparison.Ordinal));
    }
}
