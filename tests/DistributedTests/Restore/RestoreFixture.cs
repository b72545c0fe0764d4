using System.Diagnostics;
using Npgsql;
using VerSemi.DistributedKit;
using VerSemi.DistributedKit.Faults;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests.Restore;

/// <summary>A platform with one promoted model. Every test backs it up, loses a part of it, restores that, and goes on with it.</summary>
public sealed class RestoreFixture : IAsyncLifetime
{
    private static readonly string[] _services = ["Orchestrator", "Ingest", "GpuTrainer"];

    private readonly TempFolder _folder = new();
    private readonly List<string> _drops = [];

    public DistributedSystem System { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var recipe = QuickRecipe.Write(_folder["recipe.json"], steps: 20, checkpointEvery: 10);
        System = await DistributedSystem.StartAsync(QuickSettings.With(("Orchestrator:Lines:main:Recipe", recipe)), cancellation: cancellation);
        await StartAsync(cancellation);
        await PromoteAsync(cancellation);
    }

    public ServiceProcess Orchestrator => System.Running.First(process => process.Project == "Orchestrator");

    /// <summary>Every service, ready.</summary>
    public Task StartAsync(CancellationToken cancellation) => Task.WhenAll(_services.Select(project => System.AddAsync(project, cancellation: cancellation)));

    /// <summary>SIGTERM to every service, until it has ended in order.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        var running = System.Running;
        await Task.WhenAll(running.Select(process => process.SignalAsync("TERM")));
        foreach (var process in running)
            Assert.Equal(0, await process.WaitAsync(cancellation));
    }

    /// <summary>A new dataset becomes a model in production.</summary>
    /// <returns>The cycle, and the dataset's name.</returns>
    public async Task<(CycleView Cycle, string Drop)> PromoteAsync(CancellationToken cancellation)
    {
        var drop = $"tiny{_drops.Count + 1}";
        _drops.Add(drop);
        TinyDataset.Write(_folder[drop], seed: _drops.Count);
        return (await DropAsync(drop, cancellation), drop);
    }

    /// <summary>Once more, where the store has lost it.</summary>
    public async Task<CycleView> DropAsync(string drop, CancellationToken cancellation)
    {
        var before = (await CyclesAsync(cancellation)).Max(cycle => (int?)cycle.Number) ?? 0;
        await Orchestrator.DropAsync(_folder[drop], cancellation: cancellation);
        var cycle = await Eventually.GetAsync($"the cycle of {drop}", async () =>
            (await CyclesAsync(cancellation)).Find(cycle => cycle.Number > before && CycleStates.IsFinal(cycle.State)), cancellation);
        Assert.True(cycle.State == CycleStates.Completed, $"{cycle.State}: {cycle.Reason}");
        return cycle;
    }

    /// <summary>The drop was made after the backup.</summary>
    public void Lose(string drop) => _drops[_drops.IndexOf(drop)] = "";

    /// <summary>infra/backup, of the running platform.</summary>
    public async Task<string> BackUpAsync(CancellationToken cancellation)
    {
        var folder = _folder[$"backup-{Guid.NewGuid():N}"];
        await ScriptAsync("backup", [folder], cancellation);
        return folder;
    }

    /// <summary>infra/restore into a new database, a new container or both; what it says.</summary>
    public async Task<string> RestoreAsync(string backup, bool database = false, bool blobs = false, CancellationToken cancellation = default)
    {
        System.MoveTo(
            database ? await System.Postgres.CreateDatabaseAsync(cancellation: cancellation) : null,
            blobs ? $"versemi-{Guid.NewGuid():N}" : null);
        return await ScriptAsync("restore", [.. (database, blobs) switch { (true, false) => ["--database"], (false, true) => ["--blobs"], _ => Array.Empty<string>() }, backup], cancellation);
    }

    /// <summary>The doctor of an orchestrator with the settings of now.</summary>
    public async Task<string> ExamineAsync(CancellationToken cancellation)
    {
        await using var doctor = System.Start("Orchestrator", ["doctor"]);
        await doctor.WaitAsync(cancellation);
        return doctor.Log;
    }

    /// <summary>Nothing is lost, doubled or half-written, the services complain of nothing, and the doctor finds production.json right.</summary>
    public async Task AssertConsistentAsync(CancellationToken cancellation)
    {
        var found = await Outcome.ReadAsync(Orchestrator, System.OpenBlobs(), [.. _drops.Where(drop => drop.Length > 0)], cancellation);
        Assert.True(found.IsSound, $"{found}");
        Assert.Empty((await Orchestrator.GetAsync<StatusView>(Routes.Status, cancellation)).Trouble);
        Assert.Contains("as the ledger has it", await ExamineAsync(cancellation), StringComparison.Ordinal);
    }

    private Task<List<CycleView>> CyclesAsync(CancellationToken cancellation) => Orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, cancellation);

    private async Task<string> ScriptAsync(string script, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Repository.PathOf("infra", script), arguments);
        var database = new NpgsqlConnectionStringBuilder(System.Database);
        foreach (var (name, value) in System.EnvironmentOf().Concat(new Dictionary<string, string>
        {
            ["PGHOST"] = database.Host!,
            ["PGPORT"] = $"{database.Port}",
            ["PGDATABASE"] = database.Database!,
            ["PGUSER"] = database.Username!,
            ["VERSEMI_ORCHESTRATOR"] = $"dotnet {Repository.PathOf("src", "Orchestrator", "bin", Repository.Configuration, "net10.0", "VerSemi.Orchestrator.dll")}",
        }))
            start.Environment[name] = value;
        var clock = Stopwatch.StartNew();
        var said = await TestServers.RunAsync(start, cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine($"infra/{script} {string.Join(' ', start.ArgumentList)} took {clock.Elapsed.TotalSeconds:0.0} s: {said}");
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        if (System is not null)
            await System.DisposeAsync();
        _folder.Dispose();
    }
}
