using VerSemi.Domain;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.GpuTrainer.Tests.Training;

/// <summary>A store with trainings that ended and trainings that were stopped; made once, a test works on its copy.</summary>
public sealed class TrainedStore : IDisposable
{
    /// <summary>Run to its end; its model is also version 1 of the line `main`.</summary>
    public const string Whole = "whole";

    /// <summary>The same, from another seed.</summary>
    public const string OtherSeed = "other-seed";

    /// <summary>As <see cref="Whole"/>; checkpoints: best of step 3, last of step 5.</summary>
    public const string StoppedAt5 = "stopped-at-5";
    public const string StoppedAt3 = "stopped-at-3";

    private readonly SmallStore _store = new();

    public TrainedStore()
    {
        new Trainer(_store.Run(run: Whole), 1, _store.Blobs, Options(_store)).Run(default, default);
        new Trainer(_store.Run(run: OtherSeed, seed: 2), 1, _store.Blobs, Options(_store)).Run(default, default);
        StopAfter(_store, StoppedAt5, 5);
        StopAfter(_store, StoppedAt3, 3);
        ModelCopy.MakeAsync(_store.Blobs, BlobLayout.AttemptModel(Whole, 1), BlobLayout.Model("main", 1), default).GetAwaiter().GetResult();
    }

    public SmallStore Copy() => _store.Copy();

    public void Dispose() => _store.Dispose();

    public static TrainerOptions Options(SmallStore store) => new() { Scratch = store.Scratch, Threads = 1 };

    public static void StopAfter(SmallStore store, string run, int steps, int attempt = 1)
    {
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(store.Run(run: run), attempt, store.Blobs, Options(store), progress => { if (progress.Done == steps) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(stop.Token, default));
    }
}
