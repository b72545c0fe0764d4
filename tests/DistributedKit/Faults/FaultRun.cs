using System.Diagnostics;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.DistributedKit.Faults;

/// <summary>What a fault run came to. All counts but the first three must be 0.</summary>
/// <param name="Unhealed">Control files that were damaged on purpose and are still wrong when all is over.</param>
/// <param name="Weights">Of each promoted model in the order of promotion: with the same drops the same, whatever went wrong on the way.</param>
public sealed record FaultRunResult(
    int Seed, int Faults, int Cycles, int DropsLost, int DoublePromotions, int StuckCycles, int EndedOtherwise, IReadOnlyList<string> HalfWritten, IReadOnlyList<string> Unhealed, IReadOnlyList<string> Weights,
    IReadOnlyDictionary<FaultKind, int> ByKind, TimeSpan Took, TimeSpan LongestCycle)
{
    public bool IsSound => DropsLost + DoublePromotions + StuckCycles + EndedOtherwise + HalfWritten.Count + Unhealed.Count == 0;

    public override string ToString() =>
        $"seed {Seed}: {Faults} faults, {Cycles} cycles in {Took.TotalMinutes:0.0} min (longest cycle {LongestCycle.TotalSeconds:0} s); lost {DropsLost}, doubled {DoublePromotions}, stuck {StuckCycles}, ended otherwise {EndedOtherwise}, half-written {HalfWritten.Count}, unhealed {Unhealed.Count}; {string.Join(", ", ByKind.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}"))}";
}

/// <summary>
/// Two orchestrators, two ingests and two trainers; one drop after the other becomes a model, while faults fall at random
/// moments. Drops come one by one so that every run of the same drops must come to the same models, bit by bit.
/// </summary>
/// <param name="leastDrops">As many as fit between the faults, and no fewer than these.</param>
/// <param name="without">Kinds that are passed over; the others come as they would.</param>
public sealed class FaultRun(int seed, int faults, int leastDrops, string folder, Action<string> log, params IReadOnlyList<FaultKind> without)
{
    /// <summary>From the last fault on: so long may a cycle take that is not stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    /// <summary>Orchestrators compare production.json with the ledger once a minute.</summary>
    private static readonly TimeSpan HealedWithin = TimeSpan.FromMinutes(2);

    private readonly Dictionary<FaultKind, int> _injected = [];
    private readonly HashSet<string> _halfWritten = [];
    private readonly TaskCompletionSource _allInjected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _longest;

    public async Task<FaultRunResult> RunAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var recipe = QuickRecipe.Write(Path.Combine(folder, "recipe.json"), steps: 40, checkpointEvery: 10);
        await using var system = await DistributedSystem.StartAsync(
            QuickSettings.With(("Orchestrator:Lines:main:Recipe", recipe), ("Blobs:LeaseSeconds", "15"), ("Blobs:NetworkTimeout", "00:00:03"), ("Blobs:Retries", "2")),
            await ServerSet.OwnAsync(cancellation), cancellation);
        system.HasLinks = true;
        var damage = new PointerDamage(system.OpenBlobs());
        foreach (var project in new[] { "Orchestrator", "Ingest", "GpuTrainer" })
            await Task.WhenAll(system.AddAsync(project, cancellation: cancellation), system.AddAsync(project, cancellation: cancellation));
        log($"seed {seed}: the system is up after {clock.Elapsed.TotalSeconds:0} s");

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var injecting = InjectAsync(system, damage, stop.Token);
        var auditing = AuditAsync(system, damage, stop.Token);
        var drops = new List<string>();
        var stuck = 0;
        while (!_allInjected.Task.IsCompleted || drops.Count < leastDrops)
        {
            drops.Add($"tiny{drops.Count + 1}");
            if (!await CompletesAsync(system, drops.Count, drops[^1], cancellation))
            {
                stuck++;
                break;
            }
        }
        await stop.CancelAsync();
        await Task.WhenAll(injecting, auditing);
        var unhealed = await damage.UnhealedAsync(HealedWithin, cancellation);
        var result = await ReadAsync(system, drops, stuck, unhealed, clock.Elapsed, cancellation);
        if (!result.IsSound)
            foreach (var process in system.Running)
                log($"=== {process.Project} {process.Pid}\n{process.Log}");
        return result;
    }

    private async Task InjectAsync(DistributedSystem system, PointerDamage damage, CancellationToken stop)
    {
        var injector = new FaultInjector(system, damage, (project, more) => system.Start(project, [], more: more));
        foreach (var fault in FaultPlan.Of(seed).Where(fault => !without.Contains(fault.Kind)).Take(faults))
        {
            await Task.Delay(fault.After, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
            log(fault.ToString());
            // To its end: nothing may stay broken off.
            await injector.InjectAsync(fault, CancellationToken.None);
            _injected[fault.Kind] = _injected.GetValueOrDefault(fault.Kind) + 1;
        }
        _allInjected.TrySetResult();
    }

    private async Task AuditAsync(DistributedSystem system, PointerDamage damage, CancellationToken stop)
    {
        var audit = new BlobAudit(system.OpenBlobs(), damage);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                foreach (var fault in await audit.FindAsync(stop))
                    if (_halfWritten.Add(fault))
                        log($"HALF-WRITTEN {fault}");
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The run is over, or the store is too busy to answer: the next look is soon.
            }
            await Task.Delay(LookEvery, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Through whichever orchestrator answers.</summary>
    private async Task<bool> CompletesAsync(DistributedSystem system, int number, string drop, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var data = TinyDataset.Write(Path.Combine(folder, drop), seed: number);
        await ThroughAnyAsync(system, async orchestrator =>
        {
            await orchestrator.DropAsync(data, cancellation: cancellation);
            return true;
        }, cancellation);
        var quietSince = Stopwatch.StartNew();
        while (quietSince.Elapsed < Patience)
        {
            if (!_allInjected.Task.IsCompleted)
                quietSince.Restart();
            var cycles = await ThroughAnyAsync(system, orchestrator => orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, cancellation), cancellation);
            if (cycles.FirstOrDefault(cycle => cycle.Number == number) is { } cycle && CycleStates.IsFinal(cycle.State))
            {
                _longest = clock.Elapsed > _longest ? clock.Elapsed : _longest;
                log($"cycle {number} is {cycle.State} after {clock.Elapsed.TotalSeconds:0} s: {cycle.Reason}");
                return true;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation);
        }
        log($"cycle {number} is STUCK: {await ThroughAnyAsync(system, orchestrator => orchestrator.Http.GetStringAsync(Routes.Status, cancellation), cancellation)}");
        return false;
    }

    private static Task<T> ThroughAnyAsync<T>(DistributedSystem system, Func<ServiceProcess, Task<T>> ask, CancellationToken cancellation)
    {
        var turn = 0;
        return Retry.UntilAsync(async () =>
        {
            var orchestrators = system.Running.Where(process => process.Project == "Orchestrator").ToList();
            return await ask(orchestrators[turn++ % orchestrators.Count]);
        }, cancellation);
    }

    private async Task<FaultRunResult> ReadAsync(DistributedSystem system, List<string> drops, int stuck, IReadOnlyList<string> unhealed, TimeSpan took, CancellationToken cancellation)
    {
        var found = await ThroughAnyAsync(system, orchestrator => Outcome.ReadAsync(orchestrator, system.OpenBlobs(), drops, cancellation), cancellation);
        _halfWritten.UnionWith(found.HalfWritten);
        return new FaultRunResult(
            seed, _injected.Values.Sum(), found.Cycles, found.DropsLost.Count, found.DoublePromotions, stuck,
            found.EndedOtherwise, [.. _halfWritten], unhealed, found.Weights, _injected, took, _longest);
    }
}
