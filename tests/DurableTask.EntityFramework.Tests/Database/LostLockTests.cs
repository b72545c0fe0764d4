using DurableTask.Core.History;
using DurableTask.EntityFramework.Rows;
using DurableTask.EntityFramework.Tests.Engines;
using DurableTask.TestWorker;
using Microsoft.DurableTask;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.TestKit;

namespace DurableTask.EntityFramework.Tests.Database;

/// <summary>PostgreSQL: a process that is slower than its lock.</summary>
public sealed class LostLockTests(PostgresEngine engine) : IClassFixture<PostgresEngine>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_turn_whose_lock_was_lost_in_the_middle_saves_nothing()
    {
        var id = $"i{Guid.NewGuid():N}";
        var gate = TestFlows.Gates[id] = new TaskCompletionSource();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Gated, id, new StartOrchestrationOptions(id), Cancellation);
        await Eventually.TrueAsync("the first turn is executed", () => Task.FromResult(!TestFlows.Gates.ContainsKey(id)), Cancellation);

        // The lock's time passes; the turn goes to the next that asks, and the orchestration to its end.
        await ExpireLockAsync(id);
        var end = await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancellation);
        gate.SetResult();

        // The first turn now fails to save. Another one, after it in the same dispatcher, shows that this is over.
        var after = await engine.Client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Chain, input: 3, Cancellation);
        await engine.Client.WaitForInstanceCompletionAsync(after, Cancellation);
        Assert.Equal($"{id} 1", end.ReadOutputAs<string>());
        var history = await engine.Client.GetOrchestrationHistoryAsync(id, Cancellation);
        Assert.Single(history.OfType<ExecutionStartedEvent>());
        Assert.Single(history.OfType<TaskScheduledEvent>());
        Assert.Equal(1, TestFlows.Calls[id]);
    }

    private async Task ExpireLockAsync(string id)
    {
        await using var scope = engine.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WorkflowDb>();
        Assert.Equal(1, await db.Set<InstanceRow>().Where(row => row.Id == id && row.Owner != null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, DateTime.UnixEpoch), Cancellation));
    }
}
