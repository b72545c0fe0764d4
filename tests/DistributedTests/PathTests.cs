using VerSemi.DistributedKit;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests;

/// <summary>The way of the data through three kinds of process.</summary>
public sealed class PathTests
{
    [Fact]
    public async Task A_drop_becomes_a_promoted_model_through_three_processes()
    {
        using var folder = new TempFolder();
        var cancellation = TestContext.Current.CancellationToken;
        var recipe = QuickSettings.WriteRecipe(folder["recipe.json"]);
        await using var system = await DistributedSystem.StartAsync(QuickSettings.With(("Orchestrator:Lines:main:Recipe", recipe)), cancellation: cancellation);
        var orchestrator = await system.AddAsync("Orchestrator", cancellation: cancellation);
        await system.AddAsync("Ingest", cancellation: cancellation);
        await system.AddAsync("GpuTrainer", cancellation: cancellation);

        await orchestrator.DropAsync(TinyDataset.Write(folder["tiny"]), cancellation: cancellation);
        try
        {
            await Eventually.TrueAsync("a model is promoted", async () => (await orchestrator.GetAsync<List<LedgerView>>(Routes.Ledger, cancellation)).Count == 1, cancellation);
        }
        catch (TimeoutException)
        {
            foreach (var process in system.Running)
                TestContext.Current.TestOutputHelper!.WriteLine($"=== {process.Project}\n{process.Log}");
            TestContext.Current.TestOutputHelper!.WriteLine(await orchestrator.Http.GetStringAsync(Routes.Status, cancellation));
            throw;
        }
    }
}
