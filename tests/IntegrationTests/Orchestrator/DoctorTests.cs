using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.IntegrationTests.Platform.Doctor;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Doctor;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Each check of the orchestrator, with what it looks at broken.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_database_that_does_not_answer_is_named() =>
        (await LookAsync(options => (options.Database.Engine, options.Database.ConnectionString) = ("postgres", $"Host=127.0.0.1;Port={TestServers.FreePort()};Database=versemi;Username=versemi")))
            .Of("database").IsWrong("127.0.0.1", "Is PostgreSQL up");

    [Fact]
    public async Task A_schema_that_is_older_or_newer_than_the_code_is_named()
    {
        var database = await SharedServers.CreateDatabaseAsync(Stop);
        void OnPostgres(OrchestratorOptions options) => (options.Database.Engine, options.Database.ConnectionString) = ("postgres", database);
        (await LookAsync(OnPostgres)).Of("schema").IsWrong("not applied yet", "Start the orchestrator");

        await WithDatabaseAsync(OnPostgres, db => db.MigrateAsync(Stop));
        Assert.All(await LookAsync(OnPostgres), finding => Assert.True(finding.IsWell, finding.ToString()));

        await WithDatabaseAsync(OnPostgres, db => db.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101000000_Later', '10.0')", Stop));
        (await LookAsync(OnPostgres)).Of("schema").IsWrong("20990101000000_Later", "Run the newer image");
    }

    [Fact]
    public async Task A_databases_clock_that_differs_is_named()
    {
        var database = await SharedServers.CreateDatabaseAsync(Stop);
        var time = new ShiftedTime();
        time.Advance(TimeSpan.FromMinutes(-3));
        var findings = await LookAsync(options => (options.Database.Engine, options.Database.ConnectionString) = ("postgres", database), time);
        findings.Of("database's clock").IsWrong("differs by 1", "NTP");
    }

    [Fact]
    public async Task A_pointer_that_is_not_what_the_ledger_says_is_named()
    {
        await WithDatabaseAsync(_ => { }, async db =>
        {
            await db.MigrateAsync(Stop);
            db.Ledger.Add(new LedgerRow { Line = "main", Generation = 2, Version = 5, Kind = "promotion", At = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync(Stop);
        });
        var (blobs, path) = (new FolderBlobStore(_folder["data"]), BlobLayout.Production("main"));
        (await LookAsync()).Of(path).IsWrong("it is missing; the ledger has main/5 (generation 2), whose weights are not in the store", "reconcile");
        await PointAsync(new ProductionPointer(1, 4));
        (await LookAsync()).Of(path).IsWrong("it says main/4 (generation 1); the ledger has main/5", "reconcile");
        await PointAsync(new ProductionPointer(7, 9));
        (await LookAsync()).Of(path).IsWrong("the database is older than the store", "reconcile");
        await PointAsync(new ProductionPointer(2, 5));
        (await LookAsync()).Of(path).IsWrong("the weights of main/5 are not in the store", "versemi rollback");
        await blobs.WriteTextAsync(BlobLayout.Model("main", 5) + BlobLayout.WeightsFile, "weights", cancellation: Stop);
        await blobs.DeleteAsync(path, Stop);
        (await LookAsync()).Of(path).IsWrong("it is missing; the ledger has main/5", "may it write models/");
        await PointAsync(new ProductionPointer(1, 4));
        (await LookAsync()).Of(path).IsWrong("it says main/4 (generation 1), the ledger main/5 (generation 2)", "writes it within a minute");
        await PointAsync(new ProductionPointer(2, 5));
        Assert.True((await LookAsync()).Of(path).IsWell);

        Task PointAsync(ProductionPointer pointer) => blobs.WriteJsonAsync(path, pointer, DomainJson.Readable, cancellation: Stop);
    }

    [Fact]
    public async Task The_api_tells_what_the_checks_find()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Services = services => services.AddDoctor(new DoctorOptions { LeastFreeMiB = 0 }) });
        var findings = await platform.GetAsync<List<FindingView>>(Routes.Doctor);
        Assert.All(findings, finding => Assert.True(finding.Mend is null, finding.ToString()));
        Assert.Contains(findings, finding => finding.Check == "schema");
        Assert.Contains(findings, finding => finding.Check == "writing models/");
        Assert.Contains(findings, finding => finding is { Check: "models/main/production.json", Found: "nothing was promoted yet" });
    }

    private Task<IReadOnlyList<Finding>> LookAsync(Action<OrchestratorOptions>? configure = null, TimeProvider? time = null) => Patient.LookAtAsync(services => Add(services, configure, time));

    private void Add(IServiceCollection services, Action<OrchestratorOptions>? configure, TimeProvider? time)
    {
        if (time is not null)
            services.AddSingleton(time);
        services.AddSingleton<IBlobStore>(new FolderBlobStore(_folder["data"]));
        services.AddOrchestrator(options =>
        {
            options.Database.File = _folder["versemi.db"];
            configure?.Invoke(options);
        });
    }

    private async Task WithDatabaseAsync(Action<OrchestratorOptions> configure, Func<OrchestratorDb, Task> work)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        Add(services, configure, null);
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<OrchestratorDb>());
    }
}
