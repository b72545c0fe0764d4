using DurableTask.TestWorker;
using Microsoft.DurableTask.Client;

namespace DurableTask.EntityFramework.Tests.Contract;

// Activities and timers.
public abstract partial class ContractTests<TEngine>
{
    private static readonly string[] Steps = ["one", "zwei ü", "three"];

    [Fact]
    public async Task Activities_run_one_after_the_other_with_their_results()
    {
        var end = await EndOfAsync(await StartAsync(TestFlows.Sequence, Steps));

        Assert.Equal("one zwei ü three", end.ReadOutputAs<string>());
        Assert.Equal("three", end.ReadCustomStatusAs<string>());
        Assert.Equal(Steps, end.ReadInputAs<string[]>());
    }

    [Fact]
    public async Task Results_of_activities_side_by_side_belong_to_their_calls() =>
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 20)), await RunAsync(TestFlows.FanOut, 20));

    [Fact]
    public async Task Timers_fire_in_the_order_in_which_they_are_due()
    {
        var fired = await RunAsync(TestFlows.Timers, new[] { 3000, 100, 1500 });

        // Azure Storage delays by whole seconds, and may be early.
        Assert.Equal("100 1500 3000", fired!.Replace(" (early)", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_activity_that_throws_fails_its_orchestration_with_the_reason()
    {
        var end = await EndOfAsync(await StartAsync(TestFlows.Failing, "reason"));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        // Azure Storage keeps the reason as output.
        Assert.Contains("failed: reason", end.FailureDetails?.ToString() ?? end.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_policy_repeats_an_activity_until_it_succeeds() =>
        Assert.Equal("third", await RunAsync(TestFlows.Retrying, NewId()));
}
