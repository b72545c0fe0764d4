using System.Diagnostics;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.Durability;

/// <summary>Waits until a state is seen, lets a random time pass, kills the process and starts it again.</summary>
public sealed class Killer(IReadOnlyList<string> plan, int seed, ITestOutputHelper? log)
{
    private const int LongestDelay = 250;
    private static readonly TimeSpan LongestState = TimeSpan.FromMinutes(5);
    private static readonly string[] Order = ["", "Ingesting", "Collecting", "Expanding", "Training", "Evaluating", "Judging", "Promoting", "Completed"];

    private readonly Random _random = new(seed);
    private readonly List<string> _hit = [];

    public static Killer None { get; } = new([], 0, null);

    public int Kills => _hit.Count;
    public IReadOnlyCollection<string> Hit => [.. _hit.Distinct()];
    public string Summary => string.Join(", ", _hit.GroupBy(state => state).Select(group => $"{group.Key} {group.Count()}"));

    public async Task<RunningPlatform> DisturbAsync(RunningPlatform platform, Scenario scenario, int cycle, CancellationToken cancellation)
    {
        foreach (var target in plan)
        {
            var state = await ReachAsync(platform, target, cycle, cancellation);
            // What passes within milliseconds is killed as soon as it is seen; else somewhere in its course.
            if (target is "Ingesting" or "Collecting" or "Training" or "Evaluating")
                await Task.Delay(_random.Next(LongestDelay), cancellation);
            await platform.Process.KillAsync();
            await platform.DisposeAsync();
            _hit.Add(state);
            log?.WriteLine($"cycle {cycle}: wanted {target}, killed in {state}");
            platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, cancellation);
        }
        return platform;
    }

    /// <summary>The state that was seen: the target, or, where that was over between two looks, a later one.</summary>
    private static async Task<string> ReachAsync(RunningPlatform platform, string target, int cycle, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var state = await SeenAsync(platform, cycle, cancellation);
            if (Array.IndexOf(Order, state) >= Array.IndexOf(Order, target))
                return state;
            if (clock.Elapsed > LongestState)
                throw new TimeoutException($"Cycle {cycle} does not reach {target}; it is '{state}'. {platform.Process.Errors}");
        }
    }

    private static async Task<string> SeenAsync(RunningPlatform platform, int cycle, CancellationToken cancellation)
    {
        var (state, number, reason) = await platform.CycleAsync(cancellation);
        if (number == cycle)
            return Order.Contains(state) ? state : throw new InvalidOperationException($"Cycle {cycle} is {state}: {reason}");
        var drops = (await platform.GetAsync("drops", cancellation)).AsArray();
        return drops.Any(drop => drop!["state"]!.GetValue<string>() is "receiving" or "waiting") ? "Ingesting" : "";
    }
}
