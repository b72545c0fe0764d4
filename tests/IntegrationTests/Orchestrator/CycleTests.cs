using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class CycleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_data_becomes_a_promoted_model()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        var version = await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1);
        Assert.Equal((CycleStates.Completed, 1, 1), (cycle.State, cycle.Model, cycle.Generation));
        Assert.Equal([$"liver/{version}"], cycle.Datasets);

        var row = Assert.Single(await platform.LedgerAsync());
        Assert.Equal((1, 1, "promotion", 1), (row.Generation, row.Version, row.Kind, row.SealedSetUses));
        Assert.Equal(new ProductionPointer(1, 1), await platform.Blobs.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, TestContext.Current.CancellationToken));
        var model = await platform.GetAsync<ModelDetail>(Routes.Model("main", 1));
        Assert.Equal(["liver/organ"], model.Model.Tasks);
        Assert.True(model.Model.InProduction);

        var detail = await platform.GetAsync<CycleDetail>(Routes.Cycle(cycle.Id));
        Assert.Equal(
            ["Collecting", "Expanding", "Training", "Evaluating", "Judging", "Promoting", "Completed"],
            detail.Timeline.Where(row => row.Event == "state").Select(row => row.To));
        var run = await platform.GetAsync<RunDetail>(Routes.Run(cycle.Run!));
        Assert.Equal(["Train Done", "Evaluate Done"], run.Attempts.Select(attempt => $"{attempt.Work} {attempt.Outcome}"));
    }
}
