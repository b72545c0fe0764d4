using DurableTask.EntityFramework.Tests.Engines;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VerSemi.TestKit;

namespace DurableTask.EntityFramework.Tests.Contract;

/// <summary>What every engine promises: this provider on SQLite and PostgreSQL, Microsoft's on Azure Storage.</summary>
public abstract partial class ContractTests<TEngine>(TEngine engine) : IClassFixture<TEngine> where TEngine : Engine
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    protected TEngine Engine => engine;
    protected DurableTaskClient Client => engine.Client;

    /// <summary>An instance id of the running test's own.</summary>
    protected static string NewId() => $"i{Guid.NewGuid():N}";

    protected async Task<string> StartAsync(string orchestrator, object? input, string? id = null) =>
        await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id ?? NewId()), Cancellation);

    protected async Task<OrchestrationMetadata> EndOfAsync(string id) =>
        await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancellation).WaitAsync(Eventually.Patience, Cancellation);

    protected async Task<string?> ResultOfAsync(string id)
    {
        var end = await EndOfAsync(id);
        var isCompleted = end.RuntimeStatus == OrchestrationRuntimeStatus.Completed;
        Assert.True(isCompleted, $"{id} is {end.RuntimeStatus}: {end.FailureDetails?.ErrorMessage}");
        return end.ReadOutputAs<string>();
    }

    protected async Task<string?> RunAsync(string orchestrator, object? input) =>
        await ResultOfAsync(await StartAsync(orchestrator, input));

    protected Task StatusBecomesAsync(string id, OrchestrationRuntimeStatus status) => Eventually.TrueAsync(
        $"{id} is {status}", async () => (await Client.GetInstanceAsync(id, Cancellation))?.RuntimeStatus == status, Cancellation);
}
