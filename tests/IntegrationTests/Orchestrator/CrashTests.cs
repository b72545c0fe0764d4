using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>A host that dies between any two of its durable writes, and the next one on the same files: always the same end.</summary>
public sealed class CrashTests
{
    private static readonly int[] Writes = [.. Enumerable.Range(0, 14).Select(i => 3 + (i * 4) + (i % 3))];

    public static TheoryData<int> Deaths => new(Writes);

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task Whenever_the_process_dies_the_next_one_comes_to_the_same_end(int write)
    {
        using var folder = new TempFolder();
        var blobs = new FolderBlobStore(folder["data"]);
        await Data.CommitAsync(blobs, "liver");
        var second = write + 5 + (write * 7 % 23);
        foreach (var diesAt in new[] { write, second - write })
            await LiveAsync(folder, new Mortality(diesAt));

        await using var platform = await TestPlatform.StartAsync(folder);
        var cycle = await platform.CycleAsync(1);
        Assert.Equal((CycleStates.Completed, 1, 1), (cycle.State, cycle.Model, cycle.Generation));
        var row = Assert.Single(await platform.LedgerAsync());
        Assert.Equal((1, 1, "promotion", cycle.Id, 1), (row.Generation, row.Version, row.Kind, row.Cycle, row.SealedSetUses));
        Assert.Equal(new ProductionPointer(1, 1), await blobs.ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, TestContext.Current.CancellationToken));
        Assert.Single(await platform.GetAsync<List<RunView>>(Routes.Runs));
        Assert.Single(await platform.GetAsync<List<ModelView>>(Routes.Models));
        Assert.Single(await platform.GetAsync<List<CycleView>>(Routes.Cycles));
        Assert.Empty((await platform.GetAsync<StatusView>(Routes.Status)).Trouble);
    }

    [Fact]
    public async Task The_deaths_reach_from_the_first_write_of_a_cycle_to_its_last()
    {
        using var folder = new TempFolder();
        await Data.CommitAsync(new FolderBlobStore(folder["data"]), "liver");
        var immortal = new Mortality(int.MaxValue);
        await LiveAsync(folder, immortal);
        // Heartbeats and passes of the sweep write too: the slower the machine, the more of them.
        Assert.InRange(immortal.Operations, Writes[^1] - 8, 2 * Writes[^1]);
    }

    /// <summary>Until the host is dead, or has nothing more to do.</summary>
    private static async Task LiveAsync(TempFolder folder, Mortality mortality)
    {
        TestPlatform platform;
        try
        {
            platform = await TestPlatform.StartAsync(folder, new() { Mortality = mortality });
        }
        catch (Exception) when (mortality.IsDead)
        {
            return;
        }
        await using (platform)
            await Eventually.TrueAsync("dead or done", async () =>
                mortality.IsDead || (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Any(cycle => CycleStates.IsFinal(cycle.State)),
                TestContext.Current.CancellationToken);
    }
}
