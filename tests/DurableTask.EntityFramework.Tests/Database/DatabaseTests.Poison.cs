using DurableTask.EntityFramework.Rows;
using DurableTask.EntityFramework.Tests.Engines;
using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DurableTask.EntityFramework.Tests.Database;

// Turns that throw.
public abstract partial class DatabaseTests<TEngine> where TEngine : Engine
{
    [Fact]
    public async Task An_orchestrator_that_no_process_knows_fails_after_its_attempts()
    {
        var end = await EndOfAsync(await StartAsync("NotRegistered", "x"));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("in 3 attempts", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("No orchestrator 'NotRegistered' is registered", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sub_orchestration_that_failed_for_good_fails_its_parent()
    {
        var end = await EndOfAsync(await StartAsync(TestFlows.CallsUnknown, NewId()));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("NotRegistered", end.FailureDetails!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_history_fails_its_instance_and_no_other()
    {
        var (damaged, whole) = (await StartAsync(TestFlows.Events, 1), await StartAsync(TestFlows.Events, 1));
        await StatusBecomesAsync(damaged, OrchestrationRuntimeStatus.Running);
        await using (var scope = Engine.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<WorkflowDb>().Set<HistoryRow>().Where(row => row.Instance == damaged)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Kind, "FromTheFutureEvent"), Cancellation);

        foreach (var id in new[] { damaged, whole })
            await Client.RaiseEventAsync(id, "go", "x", Cancellation);

        var end = await EndOfAsync(damaged);
        Assert.Contains("Unknown history event 'FromTheFutureEvent'", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("x", await ResultOfAsync(whole));
    }
}
