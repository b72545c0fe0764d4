using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.Benchmarks.Speed;

/// <summary>Forward and backward of one step at batch 4 + 4 and width 16, on random images.</summary>
internal sealed class StepWork : IDisposable
{
    private const int Batch = 4;
    private readonly VerSemiNetwork _network;
    private readonly LabelledBatch _batch, _several;
    private readonly Tensor _unlabelled, _mask, _halfMask;
    private readonly Prompt[] _tasks;

    /// <param name="patch">Voxels along z, y, x.</param>
    public StepWork(int tasks, long[] patch, TrunkPrecision precision)
    {
        _network = new VerSemiNetwork(16, FeatureNorm.Batch, tasks, seed: 1) { Precision = precision };
        _network.train();
        using var generator = new Generator(3, CPU);
        _tasks = [.. Enumerable.Range(0, tasks).Select(column => new Prompt(column))];
        _batch = new LabelledBatch(rand([Batch, 1, .. patch], generator: generator), rand([Batch, .. patch], generator: generator).gt(0.8).to(ScalarType.Int64), [.. Enumerable.Range(0, Batch).Select(i => _tasks[i % Math.Min(tasks, 4)])]);
        var tasksOf = Enumerable.Range(0, Batch).SelectMany(sample => _tasks.Where(task => task != _batch.Tasks[sample]).Select(task => new Annotation(sample, task))).ToList();
        _several = _batch with { Labels = rand([Batch + tasksOf.Count, .. patch], generator: generator).gt(0.8), Others = tasksOf };
        _unlabelled = rand([Batch, 1, .. patch], generator: generator);
        _mask = ones([Batch, .. patch]);
        _mask.narrow(1, patch[0] / 4, patch[0] / 2).narrow(2, patch[1] / 4, patch[1] / 2).narrow(3, patch[2] / 4, patch[2] / 2).zero_();
        _halfMask = _mask.narrow(0, 0, Batch / 2);
    }

    public void Run(string work)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in _network.parameters())
            parameter.grad = null;
        Action step = work switch
        {
            "stage1" => () => VerSemiLoss.Stage1(_network, _batch, _halfMask, new LossWeights()).Backward(),
            "prompts" => () => VerSemiLoss.Stage1(_network, _batch, _halfMask, new LossWeights(Over: DiceOver.Prompt)).Backward(),
            "several" => () => VerSemiLoss.Stage1(_network, _several, _halfMask, new LossWeights(Over: DiceOver.Prompt)).Backward(),
            "stage2" => () => VerSemiLoss.Stage2(_network, _batch, _unlabelled, _halfMask, _mask, _tasks, new LossWeights()).Backward(),
            "separate" => () => SeparatePasses.Stage2(_network, _batch, _unlabelled, _halfMask, _mask, _tasks).backward(),
            "trunk" => () => Array.ForEach([_batch.Images, _unlabelled.narrow(0, 0, Batch / 2), _unlabelled], TrunkAlone),
            _ => throw new ArgumentException($"There is no work '{work}'. Choose stage1, prompts, several, stage2, separate or trunk.", nameof(work)),
        };
        step();
    }

    public void Dispose()
    {
        _network.Dispose();
        _unlabelled.Dispose();
        _mask.Dispose();
        _halfMask.Dispose();
    }

    private void TrunkAlone(Tensor images)
    {
        using var scope = NewDisposeScope();
        var trunk = _network.Trunk(images);
        (trunk.Features.sum() + trunk.Pooled.sum()).backward();
    }
}
