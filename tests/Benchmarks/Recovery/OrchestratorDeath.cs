using System.Diagnostics;
using VerSemi.DistributedKit;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Blobs.AzureStorage;
using VerSemi.TestKit;

namespace VerSemi.Benchmarks.Recovery;

/// <summary>
/// One cycle after the other; in the middle of each an orchestrator dies. Progress is a cycle or run that changes its state,
/// which within a cycle of seconds happens every few seconds without any death, too: the first row.
/// </summary>
internal sealed class OrchestratorDeath(DistributedSystem system, string folder, Random random)
{
    private const double LongestWait = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StartedAgainAfter = TimeSpan.FromSeconds(1);

    private readonly AzureBlobStore _blobs = system.OpenBlobs();
    private int _drops;

    public static async Task<IReadOnlyList<Times>> MeasureAsync(int repeats, int of, Random random, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var system = await DistributedSystem.StartAsync(Settings(folder), cancellation: cancellation);
        for (var i = 0; i < of; i++)
            await system.AddAsync("Orchestrator", cancellation: cancellation);
        await Task.WhenAll(system.AddAsync("Ingest", cancellation: cancellation), system.AddAsync("GpuTrainer", cancellation: cancellation));
        var death = new OrchestratorDeath(system, folder.Path, random);
        var (without, after) = (new List<double>(), new List<double>());
        for (var i = 0; i < repeats; i++)
            without.Add(await death.InACycleAsync(kill: false, of, cancellation));
        for (var i = 0; i < repeats; i++)
            after.Add(await death.InACycleAsync(kill: true, of, cancellation));
        var what = of == 1 ? "the only orchestrator, started again after 1 s" : "one of two orchestrators";
        return [new Times($"(nobody; {of} orchestrators): until the next progress", without, "s", ""), new Times($"{what}: until the next progress", after, "s", "≤ 30 s")];
    }

    private static Dictionary<string, string> Settings(TempFolder folder) => new()
    {
        ["Orchestrator:Lines:main:Recipe"] = QuickRecipe.Write(folder["recipe.json"]),
        ["Orchestrator:QuietWindow"] = "00:00:01",
        ["Orchestrator:Promotion:Floor"] = "0",
        ["Orchestrator:Promotion:Margin"] = "1",
        ["Orchestrator:Promotion:MinimumCases"] = "2",
    };

    /// <returns>Seconds from a random moment of a cycle, that of the death, until the next progress.</returns>
    private async Task<double> InACycleAsync(bool kill, int of, CancellationToken cancellation)
    {
        await DropAsync(cancellation);
        var number = _drops;
        await Eventually.TrueAsync($"cycle {number} is there", TimeToEnd, async () => (await StateAsync(cancellation))?.Contains($"main-{number} ", StringComparison.Ordinal) == true, cancellation);
        await Task.Delay(TimeSpan.FromSeconds(LongestWait * random.NextDouble()), cancellation);
        // So that something is to be done, even where the cycle has just ended.
        var before = await StateAsync(cancellation);
        var clock = Stopwatch.StartNew();
        if (before?.Contains(CycleStates.Completed, StringComparison.Ordinal) == true)
            await DropAsync(cancellation);
        if (kill)
            await Orchestrators[random.Next(of)].KillAsync();
        var again = kill && of == 1 ? StartAgainAsync(StartedAgainAfter, cancellation) : Task.CompletedTask;
        while (await StateAsync(cancellation) is not { } now || now == before)
            await Task.Delay(Look, cancellation);
        var took = clock.Elapsed.TotalSeconds;
        await again;
        // Of two, the other one had to do it.
        if (kill && of > 1)
            await StartAgainAsync(TimeSpan.Zero, cancellation);
        await Eventually.TrueAsync($"cycle {_drops} is completed", TimeToEnd, async () => (await StateAsync(cancellation))?.Contains($"main-{_drops} {CycleStates.Completed}", StringComparison.Ordinal) == true, cancellation);
        return took;
    }

    private async Task StartAgainAsync(TimeSpan after, CancellationToken cancellation)
    {
        await Task.Delay(after, cancellation);
        await system.AddAsync("Orchestrator", cancellation: cancellation);
    }

    private List<ServiceProcess> Orchestrators => [.. system.Running.Where(process => process.Project == "Orchestrator")];

    /// <summary>The states of the newest cycle and its run; null where no orchestrator answers.</summary>
    private async Task<string?> StateAsync(CancellationToken cancellation)
    {
        foreach (var orchestrator in Orchestrators)
            try
            {
                var line = (await orchestrator.GetAsync<StatusView>(Routes.Status, cancellation)).Lines.Single();
                return $"{line.Cycle?.Id} {line.Cycle?.State}, {line.Run?.State} {line.Run?.Attempt}";
            }
            catch (HttpRequestException)
            {
                // Dead, or not there yet: another may answer.
            }
        return null;
    }

    /// <summary>Written into the store itself: no orchestrator is needed.</summary>
    private async Task DropAsync(CancellationToken cancellation)
    {
        var (name, number) = ($"tiny{_drops + 1}", ++_drops);
        var source = TinyDataset.Write(Path.Combine(folder, name), seed: number);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            await using var content = File.OpenRead(file);
            await _blobs.WriteAsync(BlobLayout.Drop(name) + Path.GetRelativePath(source, file), content, cancellation: cancellation);
        }
        await _blobs.WriteTextAsync(BlobLayout.Drop(name) + BlobLayout.ReadyMarker, "", cancellation: cancellation);
    }
}
