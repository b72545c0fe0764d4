using System.Collections.Concurrent;
using VerSemi.Cli.Research;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Models;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>Trains and evaluates arms, some side by side, and stores each result: called again it goes on where it stopped.</summary>
/// <param name="threads">Of each training. The bits of a result depend on it.</param>
internal sealed class Runner(ResearchFolder research, Pools pools, int jobs, int threads)
{
    /// <summary>Of a champion in a line of its own, which has the name of the champion's run.</summary>
    private const int Version = 1;

    /// <summary>A line for each arm in the order in which they were trained: data, method, seed, steps, seconds, mean Dice, Dice of each task, run.</summary>
    private const string Rows = "results.tsv";

    private readonly ConcurrentDictionary<string, Lazy<Task<ArmResult>>> _started = new();
    private readonly TrainerOptions _machine = new() { Device = "auto", Threads = threads, BatchesAhead = 2 };
    private readonly Lock _rows = new();
    private int _trained;

    /// <summary>How many arms were trained so far; the others had a stored result.</summary>
    public int Trained => _trained;

    public async Task<IReadOnlyList<ArmResult>> RunAsync(IReadOnlyList<Arm> arms, CancellationToken cancellation)
    {
        await pools.PrepareAsync([.. arms.Select(arm => arm.Data).Distinct()], cancellation);
        var results = new ArmResult[arms.Count];
        var done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, arms.Count), new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation }, async (i, stop) =>
        {
            results[i] = await OnceAsync(arms[i], stop);
            Console.Error.WriteLine($"[{Interlocked.Increment(ref done)}/{arms.Count}] {arms[i]}: Dice {results[i].MeanDice:0.0000} in {results[i].Seconds:0} s");
        });
        return results;
    }

    // A champion is an arm of its own and the start of others: whoever comes first trains it, the others wait.
    private Task<ArmResult> OnceAsync(Arm arm, CancellationToken cancellation) =>
        _started.GetOrAdd(arm.ToString(), _ => new(() => RunAsync(arm, cancellation))).Value;

    private async Task<ArmResult> RunAsync(Arm arm, CancellationToken cancellation)
    {
        var champion = arm.Champion is { } start ? (await OnceAsync(start, cancellation)).Run : null;
        var run = Specify(arm, await pools.MakeAsync(arm.Data, arm.Seed, cancellation), champion);
        var place = $"results/{arm.Data}/{Slug.Of(arm.Method)}/{arm.Seed}-{run.Run}.json"; // other steps are another result, not a newer one
        if (await research.Store.TryReadJsonAsync<ArmResult>(place, DomainJson.Readable, cancellation) is { } known)
            return known.Value;
        if (champion is not null)
            await PromoteAsync(champion, cancellation);
        Interlocked.Increment(ref _trained);
        var training = await LocalTraining.TrainAsync(run, research.Store, _machine, progress: null, note: null, cancellation);
        var report = await LocalTraining.EvaluateAsync(run, research.Store, LocalTraining.ModelOf(run), Split.Test, _machine, null, null, cancellation);
        var result = new ArmResult(run.Run, arm.Data, arm.Method, arm.Seed, training.Seconds, training.WaitingForDataShare, report, training.Steps);
        await research.Store.WriteJsonAsync(place, result, DomainJson.Readable, default, cancellation);
        lock (_rows)
            File.AppendAllLines(Path.Combine(research.Path, Rows), [result.Row()]);
        return result;
    }

    private static RunSpecification Specify(Arm arm, IReadOnlyList<DatasetManifest> data, string? champion)
    {
        var run = LocalTraining.Specify(data, arm.Recipe, arm.Seed);
        return champion is null ? run : run with { Line = champion, Champion = Version, Run = $"{run.Run}-from-{champion}" };
    }

    private async Task PromoteAsync(string run, CancellationToken cancellation)
    {
        var (from, to) = (BlobLayout.AttemptModel(run, 1), BlobLayout.Model(run, Version));
        var manifest = await research.Store.ReadJsonAsync<ModelManifest>(from + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
        await research.Store.CopyVerifiedAsync(from + BlobLayout.WeightsFile, to + BlobLayout.WeightsFile, manifest.Weights, cancellation);
        await research.Store.WriteJsonAsync(to + BlobLayout.ModelFile, manifest, DomainJson.Readable, cancellation: cancellation);
    }
}
