using DurableTask.EntityFramework.Tests.Engines;
using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.TestKit;

namespace DurableTask.EntityFramework.Tests.Database;

public sealed class RetentionTests(SqliteEngine engine) : IClassFixture<SqliteEngine>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_is_purged_when_its_retention_has_passed_and_not_before()
    {
        var store = await engine.CreateStoreAsync();
        var time = new ShiftedTime();
        using var host = TestHost.Build(
            store, options => options.PurgeInterval = TimeSpan.FromSeconds(1), services => services.AddSingleton<TimeProvider>(time));
        await host.StartAsync(Cancellation);
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        var ended = await client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Chain, input: 1, Cancellation);
        var running = await client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Events, input: 1, Cancellation);
        await client.WaitForInstanceCompletionAsync(ended, Cancellation);
        time.Shift = TimeSpan.FromDays(29);
        Assert.NotNull(await client.GetInstanceAsync(ended, Cancellation));

        time.Shift = TimeSpan.FromDays(31);

        await Eventually.TrueAsync("the instance is purged", async () => await client.GetInstanceAsync(ended, Cancellation) is null, Cancellation);
        Assert.NotNull(await client.GetInstanceAsync(running, Cancellation));
        await host.StopAsync(Cancellation);
    }

    /// <summary>The system's clock, some days ahead.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
