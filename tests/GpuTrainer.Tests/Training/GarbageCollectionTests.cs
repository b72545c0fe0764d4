using System.Diagnostics;
using System.Security.Cryptography;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Training;

/// <summary>What libtorch reads must be alive, whenever a garbage collection comes (docs/decisions, 14). Alone: it would slow down every test beside it.</summary>
[CollectionDefinition(nameof(GarbageCollectionTests), DisableParallelization = true)]
[Collection(nameof(GarbageCollectionTests))]
public sealed class GarbageCollectionTests
{
    private const int Steps = 4;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(4);
    private static readonly Size3 Patch = new(16, 16, 16);
    private static readonly LabelSpace Space = LabelSpace.Empty.Grow([("a/x", "x", "MRI"), ("a/y", "y", "MRI")]);
    private static readonly TrainingRecipe Recipe = SmallStore.Recipe with { Stage1Steps = Steps, Stage2Steps = Steps, GradientClip = 0.01 };

    /// <summary>Nearly all of it is small operations with a number each, so that a collection meets one.</summary>
    [Fact]
    public void The_optimiser_gives_the_bits_of_an_undisturbed_one_under_constant_collections()
    {
        var undisturbed = Optimise(100);
        using var collections = new ConstantCollections();
        // Again and again: what the JIT has not optimised yet keeps everything alive to a method's end.
        var clock = Stopwatch.StartNew();
        do
            Assert.Equal(undisturbed, Optimise(100));
        while (clock.Elapsed < Enough);
    }

    [Fact]
    public void Training_gives_the_bits_of_an_undisturbed_one_under_constant_collections()
    {
        var undisturbed = Train();
        using var collections = new ConstantCollections();

        Assert.Equal(undisturbed, Train());
    }

    /// <returns>Each step's loss, then the hash of all weights.</returns>
    private static string Optimise(int steps)
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 1);
        using var adam = new Adam(network, 0.5, 0.999);
        foreach (var parameter in network.parameters())
            parameter.grad = parameter.detach().clone();
        var start = network.get_parameter("controller.bias")!.detach().clone();
        var losses = new List<float>();
        for (var step = 0; step < steps; step++)
        {
            using var own = NewDisposeScope();
            adam.Step(step, 1e-3);
            losses.Add(VoxelLosses.Dice(network.get_parameter("controller.bias")!.detach(), start).item<float>());
        }
        return string.Join('\n', losses.Select(loss => $"{loss:R}")) + Hash(network.parameters());
    }

    /// <summary>Both stages.</summary>
    /// <returns>Each step's loss and gradient's norm, then the hash of the state.</returns>
    private static string Train()
    {
        using var scope = NewDisposeScope();
        using var state = new TrainingState(new VerSemiNetwork(Recipe.Width, FeatureNorm.Batch, Space.Columns, seed: 1), Recipe, CPU);
        var step = new TrainingStep(state, Recipe, new Schedule(Recipe), Space, CPU, warm: false);
        var reports = Enumerable.Range(0, 2 * Steps).Select(i => step.Run(() => Batch(i))).Select(report => $"{report.Loss:R} {report.GradientNorm:R}").ToList();
        return string.Join('\n', reports) + Hash(state.Tensors().Select(entry => entry.Value));
    }

    private static string Hash(IEnumerable<Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
            hash.AppendData(tensor.detach().contiguous().bytes);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static PatchBatch Batch(int step)
    {
        var (random, voxels) = (CounterRandom.At(step), (int)Patch.Count);
        float[] images = [.. Enumerable.Range(0, 2 * voxels).Select(_ => (float)random.NextDouble())];
        float[] mask = [.. Enumerable.Range(0, 2 * voxels).Select(i => i % 3 == 0 ? 0f : 1f)];
        var batch = new PatchBatch { Patch = Patch, Images = images, Labels = Array.ConvertAll(images, v => v > 0.8 ? (byte)1 : (byte)0), Tasks = [new(0), new(1)], Mask = mask[..voxels], Cases = [] };
        return step < Steps ? batch : batch with { Unlabelled = [.. images.Reverse()], UnlabelledMask = mask };
    }

    /// <summary>A thread that collects and finalizes without a pause.</summary>
    private sealed class ConstantCollections : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _ended;

        public ConstantCollections()
        {
            _thread = new Thread(() =>
            {
                while (!_ended)
                {
                    GC.Collect(0);
                    GC.WaitForPendingFinalizers();
                }
            });
            _thread.Start();
        }

        public void Dispose()
        {
            _ended = true;
            _thread.Join();
        }
    }
}
