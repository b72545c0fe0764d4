using DurableTask.TestWorker;

namespace DurableTask.EntityFramework.Tests.Contract;

// Sub-orchestrations.
public abstract partial class ContractTests<TEngine>
{
    [Fact]
    public async Task Sub_orchestrations_run_side_by_side() =>
        Assert.Equal("a b c", await RunAsync(TestFlows.Families, new[] { "a", "b", "c" }));

    [Fact]
    public async Task A_failed_sub_orchestration_fails_the_call() =>
        Assert.StartsWith("caught", await RunAsync(TestFlows.Catching, $"{TestFlows.Failing} {NewId()}"), StringComparison.Ordinal);

    [Fact]
    public async Task A_sub_orchestration_reuses_the_id_of_one_that_ended() =>
        Assert.Equal("first second", await RunAsync(TestFlows.SameChildTwice, NewId()));
}
