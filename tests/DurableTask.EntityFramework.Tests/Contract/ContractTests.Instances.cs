using DurableTask.Core.Exceptions;
using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;
using VerSemi.TestKit;

namespace DurableTask.EntityFramework.Tests.Contract;

// Ids, queries, purge.
public abstract partial class ContractTests<TEngine>
{
    [Fact]
    public async Task The_id_of_a_running_instance_is_refused_and_that_of_an_ended_one_reused()
    {
        var id = await StartAsync(TestFlows.Events, 1);
        await StatusBecomesAsync(id, OrchestrationRuntimeStatus.Running);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => StartAsync(TestFlows.Sequence, Steps, id));
        await Client.RaiseEventAsync(id, "go", "end", Cancellation);
        Assert.Equal("end", await ResultOfAsync(id));
        await StartAsync(TestFlows.Sequence, new[] { "again" }, id);

        await Eventually.TrueAsync("the second execution ends", async () => await ResultOfAsync(id) == "again", Cancellation);
    }

    [Fact]
    public async Task Instances_are_found_by_prefix_and_status()
    {
        var prefix = NewId();
        var ended = await StartAsync(TestFlows.Sequence, Steps, $"{prefix}-ended");
        var running = await StartAsync(TestFlows.Events, 1, $"{prefix}-running");
        await EndOfAsync(ended);
        await StatusBecomesAsync(running, OrchestrationRuntimeStatus.Running);

        Assert.Equal([ended, running], await IdsAsync(new OrchestrationQuery { InstanceIdPrefix = prefix }));
        var ofRunning = new OrchestrationQuery { InstanceIdPrefix = prefix, Statuses = [OrchestrationRuntimeStatus.Running] };
        Assert.Equal([running], await IdsAsync(ofRunning));
    }

    [Fact]
    public async Task Purge_by_filter_deletes_what_ended_with_that_status()
    {
        var (completed, failed) = (await StartAsync(TestFlows.Sequence, Steps), await StartAsync(TestFlows.Failing, "x"));
        var running = await StartAsync(TestFlows.Events, 1);
        await EndOfAsync(completed);
        await EndOfAsync(failed);
        await StatusBecomesAsync(running, OrchestrationRuntimeStatus.Running);

        var filter = new PurgeInstancesFilter(DateTimeOffset.UtcNow.AddHours(-1), null, [OrchestrationRuntimeStatus.Failed]);
        var purged = await Client.PurgeAllInstancesAsync(filter, Cancellation);

        Assert.True(purged.PurgedInstanceCount >= 1);
        Assert.Null(await Client.GetInstanceAsync(failed, Cancellation));
        Assert.NotNull(await Client.GetInstanceAsync(completed, Cancellation));
        Assert.NotNull(await Client.GetInstanceAsync(running, Cancellation));
    }

    [Fact]
    public async Task Purge_by_id_deletes_one_instance()
    {
        var id = await StartAsync(TestFlows.Sequence, Steps);
        await EndOfAsync(id);

        Assert.Equal(1, (await Client.PurgeInstanceAsync(id, Cancellation)).PurgedInstanceCount);
        Assert.Null(await Client.GetInstanceAsync(id, Cancellation));
    }

    [Fact]
    public async Task An_unknown_instance_is_null_and_events_to_it_are_dropped()
    {
        await Client.RaiseEventAsync("nowhere", "go", "x", Cancellation);

        Assert.Null(await Client.GetInstanceAsync("nowhere", Cancellation));
    }

    private async Task<List<string>> IdsAsync(OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var one in Client.GetAllInstancesAsync(query).WithCancellation(Cancellation))
            ids.Add(one.InstanceId);
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }
}
