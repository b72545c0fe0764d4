using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator.Schedules;

/// <summary>Several orchestrators on one PostgreSQL, all looking at the same schedules at the same time.</summary>
public sealed class ReplicaTests : IDisposable
{
    private const int Lines = 5, Rounds = 12;
    private readonly TempFolder _folder = new();
    private readonly SetClock _clock = new(ScheduleRig.Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_time_of_each_schedule_fires_once_and_becomes_one_cycle()
    {
        var database = await SharedServers.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var hosts = await Task.WhenAll(StartAsync(database), StartAsync(database));
        await using var one = hosts[0];
        await using var two = hosts[1];
        await one.CommitAsync("liver");
        for (var round = 1; round <= Rounds; round++)
        {
            _clock.Set(ScheduleRig.Start.AddMinutes(30).AddHours(round - 1));
            await CancelledAsync(hosts[round % 2], round);
        }

        var firings = await one.InDatabaseAsync(db => db.Firings.AsNoTracking().Where(row => row.Schedule != "data").ToListAsync());
        var cycles = await one.InDatabaseAsync(db => db.Cycles.AsNoTracking().ToListAsync());
        Assert.Equal(Lines * Rounds, firings.Count);
        Assert.All(firings, firing => Assert.True(firing.Fired, firing.Reason));
        Assert.Equal(Lines * Rounds, cycles.Count);
        Assert.Equal(firings.Select(row => $"{row.Line} {row.ScheduledFor:u} {row.Cycle}").Order(), cycles.Select(cycle => $"{cycle.Line} {cycle.ScheduledFor:u} {cycle.Id}").Order());
    }

    /// <summary>A round is over when all its cycles have begun and were cancelled: there is no trainer here, and none is needed.</summary>
    private static Task CancelledAsync(TestPlatform platform, int round) => Task.WhenAll(Enumerable.Range(0, Lines).Select(async i =>
    {
        var id = $"line{i}-{round}";
        await Eventually.TrueAsync($"{id} trains", async () =>
            (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Any(cycle => cycle.Id == id && cycle.State == CycleStates.Training), TestContext.Current.CancellationToken);
        await platform.PostAsync<CycleView>(Routes.CancelCycle(id), new HumanAct("ann"));
        await Eventually.TrueAsync($"{id} is over and known to its firing", () => platform.InDatabaseAsync(async db =>
            await db.Cycles.AnyAsync(cycle => cycle.Id == id && cycle.State == CycleStates.Cancelled) && await db.Firings.AnyAsync(row => row.Cycle == id)), TestContext.Current.CancellationToken);
    }));

    private Task<TestPlatform> StartAsync(string database) => TestPlatform.StartAsync(_folder, new()
    {
        Configure = options =>
    {
        (options.Database.Engine, options.Database.ConnectionString, options.SingleProcess) = ("postgres", database, false);
        options.Lines.Clear();
        for (var i = 0; i < Lines; i++)
        {
            var line = new LineOptions { Recipe = "demo" };
            ScheduleRig.NoDataTriggers(line);
            options.Lines[$"line{i}"] = line;
            options.Schedules[$"hourly{i}"] = new() { Cron = "0 * * * *", Line = $"line{i}" };
        }
    },
        Trainer = false,
        Services = _clock.Use
    });
}
