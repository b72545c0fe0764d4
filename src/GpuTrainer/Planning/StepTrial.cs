using System.Diagnostics;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Planning;

/// <summary>
/// Real steps of a recipe's shape on the device, with noise for images and weights that are thrown away: what a step
/// costs there. A recipe that does not fit into the memory fails here, in seconds, and not hours later in stage 2.
/// </summary>
public static class StepTrial
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);
    private const int MostRepetitions = 3;

    /// <summary>The costliest step first, as warm-up; then each kind until it is known well enough.</summary>
    /// <param name="growth">How the run grows; null: joint. It is only borrowed.</param>
    /// <exception cref="OperationCanceledException">Between two steps.</exception>
    public static StepTimes Run(TrainingRecipe recipe, LabelSpace space, Device device, Growth? growth, CancellationToken cancellation)
    {
        var isHeadOnly = growth?.Mode == GrowthMode.HeadOnly;
        if (isHeadOnly)
            recipe = Schedule.OfHeadOnly(recipe);
        using var state = new TrainingState(new VerSemiNetwork(recipe.Width, recipe.Norm, space.Columns, seed: 0, recipe.Network), recipe, device);
        // Gently: a recipe whose training would diverge, or end before the trial does, still has its cost.
        var gentle = new Schedule(recipe with { LearningRate = 1e-6, LearningRateDecayPower = 0 });
        growth?.Freeze(state.Network);
        var step = new TrainingStep(state, recipe, gentle, space, device, warm: false, growth: growth);
        var batches = new[] { recipe.Stage2Steps > 0 ? Batch(recipe, space, 2) : null, recipe.Stage1Steps > 0 ? Batch(recipe, space, 1) : null };
        step.Run(() => batches.First(batch => batch is not null)!);
        var seconds = batches.Select(batch => batch is null ? 0 : Seconds(() => step.Run(() => batch), cancellation)).ToList();
        var window = WindowSeconds(state.Average, recipe, space, device, cancellation);
        return new StepTimes(seconds[1], isHeadOnly ? seconds[1] : seconds[0], window, device.type == TorchSharp.DeviceType.CPU ? DeviceMemory.PeakOfProcess() : null);
    }

    private static double Seconds(Action work, CancellationToken cancellation)
    {
        var (clock, done) = (Stopwatch.StartNew(), 0);
        do
        {
            cancellation.ThrowIfCancellationRequested();
            work();
            done++;
        }
        while (done < MostRepetitions && clock.Elapsed < Enough);
        return clock.Elapsed.TotalSeconds / done;
    }

    private static double WindowSeconds(VerSemiNetwork network, TrainingRecipe recipe, LabelSpace space, Device device, CancellationToken cancellation)
    {
        network.eval();
        using var nothing = inference_mode();
        var prompts = space.ActiveTasks.Select(task => new Prompt(task.Column)).ToList();
        return Seconds(() =>
        {
            using var scope = NewDisposeScope();
            var trunk = network.Trunk(zeros([1, 1, recipe.Patch[2], recipe.Patch[1], recipe.Patch[0]], device: device));
            network.ForegroundLogits(trunk, [.. prompts.Select(_ => 0)], prompts).cpu();
        }, cancellation);
    }

    /// <summary>Noise of the shapes that a step of the stage has.</summary>
    internal static PatchBatch Batch(TrainingRecipe recipe, LabelSpace space, int stage)
    {
        var patch = new Size3(recipe.Patch[0], recipe.Patch[1], recipe.Patch[2]);
        var (n, voxels) = (recipe.LabelledBatch, (int)patch.Count);
        var tasks = space.ActiveTasks.ToList();
        var batch = new PatchBatch
        {
            Patch = patch,
            Images = Noise(n * voxels, 1),
            Labels = Array.ConvertAll(Noise(n * voxels, 2), value => value > 0.8f ? (byte)1 : (byte)0),
            Tasks = [.. Enumerable.Range(0, n).Select(i => new Prompt(tasks[i % tasks.Count].Column))],
            Mask = Ones(n / 2 * voxels),
            Cases = [],
        };
        return stage == 1 ? batch : batch with { Unlabelled = Noise(recipe.UnlabelledBatch * voxels, 3), UnlabelledMask = Ones(recipe.UnlabelledBatch * voxels) };
    }

    private static float[] Noise(int count, long seed)
    {
        var random = CounterRandom.At(seed);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (float)random.NextDouble();
        return values;
    }

    private static float[] Ones(int count)
    {
        var values = new float[count];
        Array.Fill(values, 1f);
        return values;
    }
}
