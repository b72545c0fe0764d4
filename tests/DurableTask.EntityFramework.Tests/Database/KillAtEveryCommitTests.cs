using DurableTask.EntityFramework.Rows;
using DurableTask.EntityFramework.Tests.Engines;
using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.TestKit;

namespace DurableTask.EntityFramework.Tests.Database;

/// <summary>
/// A process with client and worker kills itself before, or after, its n-th SaveChanges, for every n; the next process
/// completes what it left, and is killed one commit later.
/// </summary>
public abstract class KillAtEveryCommitTests<TEngine>(TEngine engine) : IClassFixture<TEngine> where TEngine : Engine
{
    private static readonly string[] Steps = ["/a", "-child/first", "-child/c"];
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>On PostgreSQL this leaves a lock each time.</summary>
    [Fact]
    public async Task A_kill_before_any_commit_loses_nothing() => await DrillAsync("before");

    protected async Task DrillAsync(string when)
    {
        using var folder = new TempFolder();
        var store = await engine.CreateStoreAsync();
        var ids = new List<string>();
        for (var number = 1; ; number++)
        {
            var id = $"{when}{number}";
            var previous = ids.LastOrDefault() ?? "-";
            using var process = WorkerProcess.Start(folder["effects"], store, "drill", id, previous, when, $"{number}");
            var (code, output) = await process.EndAsync(Cancellation);
            ids.Add(id);
            if (code == 0)
                break;
            Assert.True(code == 137, $"{id} ended with {code}: {output}");
            await ExpireLocksAsync(store);
        }
        // Two by the client, then five turns of two instances and three activities, at least.
        Assert.InRange(ids.Count, 12, 30);
        await CheckAsync(store, ids, await File.ReadAllLinesAsync(folder["effects"], Cancellation));
    }

    private static async Task CheckAsync(string store, List<string> ids, string[] effects)
    {
        using var host = TestHost.Build(store);
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        foreach (var id in ids)
        {
            var end = await client.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation);
            Assert.Equal((OrchestrationRuntimeStatus.Completed, "event"), (end!.RuntimeStatus, end.ReadOutputAs<string>()));
            var counts = Steps.Select(step => effects.Count(line => line == id + step)).ToList();
            // The one that ran when the process was killed may have run twice.
            Assert.All(counts, count => Assert.InRange(count, 1, 2));
            Assert.InRange(counts.Sum(), Steps.Length, Steps.Length + 1);
        }
    }

    /// <summary>PostgreSQL: the time of the dead process's locks passes.</summary>
    private static async Task ExpireLocksAsync(string store)
    {
        if (!store.StartsWith("postgres", StringComparison.Ordinal))
            return;
        using var host = TestHost.Build(store);
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WorkflowDb>();
        await db.Set<InstanceRow>().Where(row => row.Owner != null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, DateTime.UnixEpoch), Cancellation);
        await db.Set<ActivityRow>().Where(row => row.Owner != null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, DateTime.UnixEpoch), Cancellation);
    }
}

public sealed class SqliteKillTests(SqliteEngine engine) : KillAtEveryCommitTests<SqliteEngine>(engine)
{
    [Fact]
    public async Task A_kill_after_any_commit_loses_nothing() => await DrillAsync("after");
}

public sealed class PostgresKillTests(PostgresEngine engine) : KillAtEveryCommitTests<PostgresEngine>(engine);
