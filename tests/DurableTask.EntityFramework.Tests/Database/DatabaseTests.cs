using DurableTask.EntityFramework.Rows;
using DurableTask.EntityFramework.Tests.Contract;
using DurableTask.EntityFramework.Tests.Engines;
using DurableTask.TestWorker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DurableTask.EntityFramework.Tests.Database;

/// <summary>What this provider promises beyond the contract, on either database.</summary>
public abstract partial class DatabaseTests<TEngine>(TEngine engine) : ContractTests<TEngine>(engine) where TEngine : Engine
{
    [Fact]
    public async Task A_sub_orchestration_whose_id_is_in_use_fails_the_call_and_leaves_the_other_alone()
    {
        var other = await StartAsync(TestFlows.Events, 1);
        await StatusBecomesAsync(other, OrchestrationRuntimeStatus.Running);

        var result = await RunAsync(TestFlows.Catching, $"{TestFlows.Child} {other}");
        await Client.RaiseEventAsync(other, "go", "undisturbed", Cancellation);

        Assert.Contains("already exists", result, StringComparison.Ordinal);
        Assert.Equal("undisturbed", await ResultOfAsync(other));
    }

    [Fact]
    public async Task Of_many_that_start_one_id_at_once_one_succeeds()
    {
        var id = NewId();

        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await Client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Events, 1, new StartOrchestrationOptions(id), Cancellation);
                return true;
            }
            catch (Core.Exceptions.OrchestrationAlreadyExistsException)
            {
                return false;
            }
        }));

        Assert.Single(starts, started => started);
    }

    [Fact]
    public async Task A_start_waits_for_its_time_and_events_wait_for_the_start()
    {
        var id = NewId();
        var startAt = DateTimeOffset.UtcNow.AddSeconds(1);
        await Client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Events, 1, new StartOrchestrationOptions(id, startAt), Cancellation);
        await Client.RaiseEventAsync(id, "go", "early", Cancellation);

        Assert.Equal("early", await ResultOfAsync(id));
        Assert.True(DateTimeOffset.UtcNow >= startAt);
    }

    [Fact]
    public async Task A_start_that_is_not_due_is_terminated_at_once()
    {
        var id = NewId();
        var tomorrow = new StartOrchestrationOptions(id, DateTimeOffset.UtcNow.AddDays(1));
        await Client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Events, 1, tomorrow, Cancellation);

        await Client.TerminateInstanceAsync(id, "changed my mind", Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndOfAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task A_recursive_termination_reaches_sub_orchestrations_at_any_depth()
    {
        var id = await StartAsync(TestFlows.Nested, 3);
        await StatusBecomesAsync($"{id}.2.1.0", OrchestrationRuntimeStatus.Running);

        await Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("all of it", Recursive: true), Cancellation);

        foreach (var one in new[] { id, $"{id}.2", $"{id}.2.1", $"{id}.2.1.0" })
        {
            var end = await EndOfAsync(one);
            Assert.Equal((OrchestrationRuntimeStatus.Terminated, "all of it"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
        }
    }

    [Fact]
    public async Task A_recursive_purge_deletes_sub_orchestrations_with_all_their_rows()
    {
        var id = await StartAsync(TestFlows.Nested, 2);
        await StatusBecomesAsync($"{id}.1.0", OrchestrationRuntimeStatus.Running);
        await Client.RaiseEventAsync($"{id}.1.0", "go", "end", Cancellation);
        await ResultOfAsync(id);

        var purged = await Client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true), Cancellation);

        Assert.Equal(3, purged.PurgedInstanceCount);
        await using var scope = Engine.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WorkflowDb>();
        Assert.Equal(0, await db.Set<InstanceRow>().CountAsync(row => row.Id.StartsWith(id), Cancellation));
        Assert.Equal(0, await db.Set<HistoryRow>().CountAsync(row => row.Instance.StartsWith(id), Cancellation));
        Assert.Equal(0, await db.Set<MessageRow>().CountAsync(row => row.Instance.StartsWith(id), Cancellation));
    }

    [Fact]
    public async Task A_history_is_read_as_events_in_their_order()
    {
        var id = await StartAsync(TestFlows.Sequence, new[] { "one" });
        await ResultOfAsync(id);

        var history = await Client.GetOrchestrationHistoryAsync(id, Cancellation);

        Assert.Equal(
            [
                "OrchestratorStarted", "ExecutionStarted", "TaskScheduled", "OrchestratorCompleted",
                "OrchestratorStarted", "TaskCompleted", "ExecutionCompleted", "OrchestratorCompleted",
            ],
            history.Select(happened => happened.EventType.ToString()));
    }

    [Fact]
    public async Task A_timer_fires_not_before_its_time() =>
        Assert.Equal("100 400", await RunAsync(TestFlows.Timers, new[] { 400, 100 }));

    [Fact]
    public async Task An_ended_instance_leaves_no_message()
    {
        var id = await StartAsync(TestFlows.Deadline, 3_600_000);
        await Client.RaiseEventAsync(id, "go", "at once", Cancellation);
        await ResultOfAsync(id);

        await using var scope = Engine.Services.CreateAsyncScope();
        var messages = scope.ServiceProvider.GetRequiredService<WorkflowDb>().Set<MessageRow>();
        Assert.Equal(0, await messages.CountAsync(row => row.Instance == id, Cancellation));
    }
}

public sealed class SqliteTests(SqliteEngine engine) : DatabaseTests<SqliteEngine>(engine);

public sealed class PostgresTests(PostgresEngine engine) : DatabaseTests<PostgresEngine>(engine);
