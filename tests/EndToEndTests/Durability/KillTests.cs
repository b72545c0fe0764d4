using System.Text.Json.Nodes;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.Durability;

/// <summary>
/// `kill -9` at random moments of every state, over several cycles; beside it the same drops without a kill. Both must
/// come to the same end, down to the weights' bits.
/// </summary>
public class KillTests(ITestOutputHelper log)
{
    private const int Cycles = 3;
    private const int LeastKills = 20;
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(300);

    /// <summary>In the order in which a cycle passes them. Where the work takes long, it is killed more than once.</summary>
    private static readonly string[] Plan =
        ["Ingesting", "Collecting", "Expanding", "Training", "Training", "Evaluating", "Judging", "Promoting"];

    [Fact]
    public async Task Killed_in_every_state_it_comes_to_the_same_end()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var undisturbed = new Scenario();
        using var disturbed = new Scenario();
        var undisturbedRun = RunAsync(undisturbed, Killer.None, cancellation);
        var killer = new Killer(Plan, seed: 20250101, log);
        var actual = await RunAsync(disturbed, killer, cancellation);
        var expected = await undisturbedRun;

        Assert.True(killer.Kills >= LeastKills, $"{killer.Kills} kills are too few: {killer.Summary}");
        Assert.All(Plan.Distinct(), state => Assert.True(killer.Hit.Contains(state), $"No kill fell into {state}: {killer.Summary}"));
        Assert.Equal(expected.ToJsonString(), actual.ToJsonString());
        Assert.Empty(EndState.LeftOvers(disturbed.Data));
    }

    private static async Task<JsonNode> RunAsync(Scenario scenario, Killer killer, CancellationToken cancellation)
    {
        var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, cancellation);
        try
        {
            for (var cycle = 1; cycle <= Cycles; cycle++)
            {
                scenario.Drop(scenario.Dataset(cycle));
                platform = await killer.DisturbAsync(platform, scenario, cycle, cancellation);
                await platform.CompletesAsync(cycle, TimeToEnd, cancellation);
            }
            return await EndState.ReadAsync(platform, scenario, cancellation);
        }
        finally
        {
            await platform.DisposeAsync();
        }
    }
}
