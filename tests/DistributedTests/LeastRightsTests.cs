using VerSemi.DistributedKit;
using VerSemi.DistributedKit.Rights;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests;

/// <summary>The way of the data through three kinds of process, each with a broker user and a storage identity of its own that may do no more than it must.</summary>
public sealed class LeastRightsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_no_more_rights_than_it_must_have_each_service_does_its_part_from_drop_to_withdrawal()
    {
        using var folder = new TempFolder();
        var recipe = QuickRecipe.Write(folder["recipe.json"]);
        await using var system = await DistributedSystem.StartAsync(QuickSettings.With(("Orchestrator:Lines:main:Recipe", recipe)), cancellation: Stop);
        await system.OpenBlobs().WriteTextAsync($"{BlobLayout.Incoming}not-of-a-drop", "makes the container", cancellation: Stop);
        await using var orchestrating = await GuardAsync(system, StorageRights.Orchestrator, BrokerRights.Orchestrator);
        await using var ingesting = await GuardAsync(system, StorageRights.Ingest, BrokerRights.Ingest);
        await using var training = await GuardAsync(system, StorageRights.Trainer, BrokerRights.Trainer);
        var orchestrator = await orchestrating.AddAsync(system);
        await Task.WhenAll(ingesting.AddAsync(system), training.AddAsync(system));

        await orchestrator.DropAsync(TinyDataset.Write(folder["tiny"]), cancellation: Stop);
        await Eventually.TrueAsync("a model is promoted", async () => (await orchestrator.GetAsync<List<LedgerView>>(Routes.Ledger, Stop)).Count == 1, Stop);
        var asked = await orchestrator.PostAsync<WithdrawalView>(Routes.Withdrawals, new Withdraw("tiny_010", "ann", "consent was withdrawn"), Stop);
        var done = await Eventually.GetAsync("the withdrawal is done", async () =>
            await orchestrator.GetAsync<WithdrawalView>(Routes.Withdrawal(asked.Id), Stop) is { DoneAt: not null } ended ? ended : null, Stop);
        await Eventually.TrueAsync("a cycle without the case has judged its candidate", async () =>
            (await orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, Stop)).Any(cycle => cycle is { Number: 2, State: CycleStates.Completed or CycleStates.Rejected }), Stop);

        Assert.NotEmpty(done.Erased);
        Assert.StartsWith("main/1: ", Assert.Single(done.Models), StringComparison.Ordinal);
        foreach (var service in new[] { orchestrating, ingesting, training })
            Assert.Equal([], service.Guard.Refused);
    }

    [Fact]
    public async Task A_trainer_that_writes_a_model_or_reads_a_drop_is_refused()
    {
        using var folder = new TempFolder();
        var (azurite, container) = (await SharedServers.AzuriteAsync(), $"test-{Guid.NewGuid():N}");
        var (own, drop, model) = ($"{BlobLayout.AllRuns}run/log.txt", $"{BlobLayout.Drop("tiny")}image.nii.gz", BlobLayout.Production("main"));
        await Store(azurite.ConnectionString).WriteTextAsync(drop, "voxels", cancellation: Stop);
        await using var guard = await StorageGuard.StartAsync(StorageRights.Trainer, azurite, Stop);
        var trainer = Store(guard.ConnectionString);

        await trainer.WriteTextAsync(own, "a line", cancellation: Stop);
        await (await trainer.OpenReadAsync(own, Stop)).DisposeAsync();
        Assert.Contains(model, (await Assert.ThrowsAsync<UnauthorizedAccessException>(() => trainer.WriteTextAsync(model, "{}", cancellation: Stop))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => trainer.DeleteAsync(drop, Stop));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => trainer.OpenReadAsync(drop, Stop));
        Assert.Equal([$"PUT {model}", $"DELETE {drop}", $"GET {drop}"], guard.Refused);

        AzureBlobStore Store(string connection) => new(
            new BlobOptions { Store = BlobOptions.AzureStore, ConnectionString = connection, Container = container, CreateContainer = connection == azurite.ConnectionString, CacheFolder = folder["cache"] },
            TimeProvider.System);
    }

    private static async Task<GuardedService> GuardAsync(DistributedSystem system, StorageRights storage, BrokerRights broker)
    {
        await system.Rabbit.AddUserAsync(broker.Service, "secret", broker.Configure, broker.Write, broker.Read);
        return new GuardedService(await StorageGuard.StartAsync(storage, system.Azurite, Stop), storage, broker.Service, system.Rabbit.UserOf(broker.Service));
    }

    private sealed record GuardedService(StorageGuard Guard, StorageRights Storage, string Service, string BrokerUser) : IAsyncDisposable
    {
        public Task<ServiceProcess> AddAsync(DistributedSystem system) => system.AddAsync(Storage.Service, new Dictionary<string, string>
        {
            ["Blobs:ConnectionString"] = Guard.ConnectionString,
            ["Blobs:CreateContainer"] = "false",
            ["Bus:Service"] = Service,
            ["Bus:User"] = BrokerUser,
            ["Bus:Password"] = "secret",
        }, Stop);

        public ValueTask DisposeAsync() => Guard.DisposeAsync();
    }
}
