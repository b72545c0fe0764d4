using DurableTask.EntityFramework.Tests.Database;
using DurableTask.EntityFramework.Tests.Engines;
using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.TestKit;

namespace DurableTask.EntityFramework.Tests.Contract;

/// <summary>Two processes on one store: they share the work, and when one is killed the other completes it.</summary>
public abstract class TwoProcessesTests<TEngine>(TEngine engine) : IClassFixture<TEngine> where TEngine : Engine
{
    private const int Instances = 8;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_one_process_is_killed_the_other_completes_its_work()
    {
        using var folder = new TempFolder();
        var store = await engine.CreateStoreAsync();
        using var first = WorkerProcess.Start(folder["effects"], store, "work");
        using var second = WorkerProcess.Start(folder["effects"], store, "work");
        foreach (var process in new[] { first, second })
            Assert.Equal("working", await process.ReadLineAsync(Cancellation));
        // A client that executes nothing.
        using var host = TestHost.BuildClient(store);
        await host.StartAsync(Cancellation);
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        var ids = new List<string>();
        for (var i = 0; i < Instances; i++)
            ids.Add(await client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Slow, "second", Cancellation));
        await Eventually.TrueAsync("work has begun", () => Task.FromResult(File.Exists(folder["effects"])), Cancellation);

        await first.KillAsync();

        foreach (var id in ids)
        {
            var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancellation).WaitAsync(Eventually.Patience, Cancellation);
            Assert.Equal($"{id}/second", end.ReadOutputAs<string>());
        }
        var effects = await File.ReadAllLinesAsync(folder["effects"], Cancellation);
        foreach (var id in ids)
            foreach (var step in new[] { "first", "second" })
                Assert.InRange(effects.Count(line => line == $"{id}/{step}"), 1, 2);
        await host.StopAsync(Cancellation);
    }
}

public sealed class PostgresTwoProcessesTests(PostgresEngine engine) : TwoProcessesTests<PostgresEngine>(engine);

public sealed class AzureStorageTwoProcessesTests(AzureStorageEngine engine) : TwoProcessesTests<AzureStorageEngine>(engine);
