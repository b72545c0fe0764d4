using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;

namespace DurableTask.EntityFramework.Tests.Contract;

// External events, suspension, termination, continue-as-new.
public abstract partial class ContractTests<TEngine>
{
    [Fact]
    public async Task Events_raised_before_their_wait_are_kept_in_order()
    {
        var id = await StartAsync(TestFlows.Events, 3);
        foreach (var word in new[] { "a", "b", "c" })
            await Client.RaiseEventAsync(id, "go", word, Cancellation);

        Assert.Equal("a b c", await ResultOfAsync(id));
    }

    [Fact]
    public async Task An_event_before_the_deadline_counts_and_one_after_does_not()
    {
        var (inTime, late) = (await StartAsync(TestFlows.Deadline, 60_000), await StartAsync(TestFlows.Deadline, 50));
        await Client.RaiseEventAsync(inTime, "go", "in time", Cancellation);

        Assert.Equal("in time", await ResultOfAsync(inTime));
        Assert.Equal("too late", await ResultOfAsync(late));
    }

    [Fact]
    public async Task An_orchestration_sends_events_to_another()
    {
        var receiver = await StartAsync(TestFlows.Events, 1);
        var sender = await StartAsync(TestFlows.Sender, receiver);

        Assert.Equal($"from {sender}", await ResultOfAsync(receiver));
    }

    [Fact]
    public async Task Continue_as_new_begins_again_and_carries_events_over()
    {
        var id = await StartAsync(TestFlows.Counter, "");
        foreach (var letter in "abcde")
            await Client.RaiseEventAsync(id, "add", $"{letter}", Cancellation);

        Assert.Equal("abcde", await ResultOfAsync(id));
    }

    [Fact]
    public async Task A_terminated_orchestration_ends_with_the_output_and_stays_ended()
    {
        var id = await StartAsync(TestFlows.Events, 1);
        await StatusBecomesAsync(id, OrchestrationRuntimeStatus.Running);

        await Client.TerminateInstanceAsync(id, "enough", Cancellation);
        var end = await EndOfAsync(id);
        await Client.RaiseEventAsync(id, "go", "late", Cancellation);

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "enough"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_suspended_orchestration_goes_on_when_it_is_resumed()
    {
        var id = await StartAsync(TestFlows.Events, 1);
        await StatusBecomesAsync(id, OrchestrationRuntimeStatus.Running);
        await Client.SuspendInstanceAsync(id, "wait", Cancellation);
        await StatusBecomesAsync(id, OrchestrationRuntimeStatus.Suspended);

        // Another instance's whole life passes: time enough for the event, were it not held back.
        await Client.RaiseEventAsync(id, "go", "while suspended", Cancellation);
        await RunAsync(TestFlows.Sequence, Steps);
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await Client.GetInstanceAsync(id, Cancellation))!.RuntimeStatus);
        await Client.ResumeInstanceAsync(id, "go on", Cancellation);

        Assert.Equal("while suspended", await ResultOfAsync(id));
    }
}
