using VerSemi.DistributedKit;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests.Demo;

/// <summary>The database is lost; the blobs are not.</summary>
public sealed class RebuildTests(DemoFixture fixture)
{
    [Fact]
    public async Task An_orchestrator_on_a_rebuilt_database_says_what_the_lost_one_said()
    {
        var (demo, cancellation) = (await fixture.DemoAsync(), TestContext.Current.CancellationToken);
        // A virtual host of its own: beside the first orchestrator, which goes on.
        var rabbit = await demo.System.Rabbit.Server.TakeVirtualHostAsync();
        var settings = PostgresServer.SettingsOf(await demo.System.Postgres.CreateDatabaseAsync(cancellation: cancellation)).Concat(rabbit.Settings())
            .ToDictionary(setting => setting.Key["VERSEMI__".Length..].Replace("__", ":", StringComparison.Ordinal), setting => setting.Value);

        var rebuild = demo.System.Start("Orchestrator", ["rebuild-catalogue"], settings);
        Assert.True(await rebuild.WaitAsync(cancellation) == 0, rebuild.Log);
        Assert.Contains("\"written\": true", rebuild.Log, StringComparison.Ordinal);
        var orchestrator = await demo.System.AddAsync("Orchestrator", settings, cancellation);

        Assert.Equal(await ModelsAsync(demo.Orchestrator), await ModelsAsync(orchestrator));
        Assert.Equal(await LedgerAsync(demo.Orchestrator), await LedgerAsync(orchestrator));
        await orchestrator.KillAsync();
    }

    private static async Task<List<string>> ModelsAsync(ServiceProcess orchestrator) =>
        [.. (await orchestrator.GetAsync<List<ModelView>>(Routes.Models, TestContext.Current.CancellationToken)).Select(model => $"{model.Line}/{model.Version} {model.Run} {model.MeanDice}").Order()];

    private static async Task<List<string>> LedgerAsync(ServiceProcess orchestrator) =>
        [.. (await orchestrator.GetAsync<List<LedgerView>>(Routes.Ledger, TestContext.Current.CancellationToken)).Select(row => $"{row.Generation} {row.Line}/{row.Version} {row.Kind}").Order()];
}
