using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Domain.Recipes;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Demo;

/// <summary>Trains on from the demo's model with a recipe that can only spoil it, and shows that the platform does not promote that.</summary>
internal sealed class BadDemo(DataFolder data, TrainingRecipe recipe, Out output)
{
    /// <summary>A learning rate a hundred times too high forgets what the champion knew within a few steps.</summary>
    private readonly TrainingRecipe _spoilt = recipe with
    {
        Name = $"{recipe.Name}-spoilt",
        LearningRate = 0.1,
        WarmStartLearningRateFactor = 1,
        LearningRateDecayPower = 0,
        Stage1Steps = 30,
        Stage2Steps = 0,
        ValidateEvery = 30,
        CheckpointEvery = 30,
    };

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (!DemoFolder.IsDemo(data))
            throw new UsageException($"There is no demo in {data.Path}. Run 'versemi demo' first; its model is what the spoilt one is judged against.");
        await using var session = await PlatformSession.OpenAsync(data, new HostPlan("demo --bad", Workers: true), cancellation);
        var before = await LedgerAsync(session, cancellation);
        if (before.Count == 0)
            throw new UsageException($"The demo in {data.Path} did not come to a promotion. Run 'versemi demo' again.");
        output.Line($"Training on from the model in production with a learning rate of {_spoilt.LearningRate} for {_spoilt.Stage1Steps} steps");
        var cycle = await session.Api.PostAsync<CycleView>(Routes.Cycles, new StartCycle(Ask.Who, "demo --bad", Recipe: _spoilt), cancellation);
        var detail = await new Watch(session, output).CycleAsync(cycle.Id, cancellation);
        Verdict.Show(output, detail);
        var kept = detail.Cycle.State == CycleStates.Rejected && (await LedgerAsync(session, cancellation)).Count == before.Count;
        output.Line(kept ? "kept:   the spoilt candidate is rejected, production is as it was" : "BROKEN: the spoilt candidate should have been rejected");
        return kept ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static Task<IReadOnlyList<LedgerView>> LedgerAsync(PlatformSession session, CancellationToken cancellation) =>
        session.Api.GetAsync<IReadOnlyList<LedgerView>>(Routes.Ledger, cancellation);
}
