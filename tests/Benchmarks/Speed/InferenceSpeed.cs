using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.Imaging.Geometry;
using static TorchSharp.torch;

namespace VerSemi.Benchmarks.Speed;

/// <summary>Sliding windows: all tasks at once, and few windows instead of dense ones.</summary>
internal static class InferenceSpeed
{
    private static readonly Size3 Whole = new(96, 96, 96), Patch = new(48, 48, 48);

    public static IEnumerable<Row> Tasks(int threads, int repeats)
    {
        var device = TorchRuntime.Start("cpu", threads);
        using var network = new VerSemiNetwork(16, FeatureNorm.Batch, 4, seed: 1);
        var windows = new SlidingWindow(network, new Size3(64, 64, 64), new InferenceOptions(), device);
        var volume = QuickModel.Phantom(seed: 1).Image;
        Prompt[] tasks = [.. Enumerable.Range(0, 4).Select(column => new Prompt(column))];
        IReadOnlyList<float[]> together = [], apart = [];
        var (all, one, each) = (Start, Start, Start);
        for (var round = 0; round < repeats; round++)
        {
            all = all.Best(Measured.Of(1, () => together = windows.Predict(volume, tasks, default)));
            one = one.Best(Measured.Of(1, () => windows.Predict(volume, [tasks[0]], default)));
            each = each.Best(Measured.Of(1, () => apart = [.. tasks.Select(task => windows.Predict(volume, [task], default)[0])]));
        }
        var unequal = together.Zip(apart).Sum(pair => pair.First.Zip(pair.Second).Count(p => p.First > 0.5f != p.Second > 0.5f));
        yield return new Row("inference of a 96³ volume, patch 64³, width 16, one task", $"{one.Seconds:0.00} s");
        yield return new Row("all 4 tasks from one pass", $"{all.Seconds:0.00} s: {all.Seconds / one.Seconds:0.00} × one task", "≤ 1.2 ×");
        yield return new Row("one pass for each of the 4 tasks", $"{each.Seconds:0.00} s; {unequal} voxels get another label", "0");
    }

    public static IEnumerable<Row> Overlap(int threads, int repeats)
    {
        var device = TorchRuntime.Start("cpu", threads);
        using var network = QuickModel.Train(Patch, steps: 600);
        var pairs = Enumerable.Range(100, 3).Select(seed => Compare(network, QuickModel.Phantom(seed), device)).ToList();
        var (few, many, quick, slow) = (pairs.Average(p => p.Few), pairs.Average(p => p.Many), pairs.Average(p => p.Quick), pairs.Average(p => p.Slow));
        yield return new Row($"default overlap on phantoms of {Whole}, patch 48³, mean of {pairs.Count}: Dice, time", $"{few:0.0000}, {quick:0.00} s");
        yield return new Row("dense strides 8/8/2, plain mean",
            $"{many:0.0000}, {slow:0.0} s: the default is {few - many:+0.0000;−0.0000} Dice (each: {string.Join(", ", pairs.Select(p => $"{p.Few - p.Many:+0.0000;−0.0000}"))}) in 1/{slow / quick:0} of the time", "≤ 0.005, ≤ 1/20");
    }

    private static (double Few, double Many, double Quick, double Slow) Compare(VerSemiNetwork network, (Volume<float> Image, Volume<ushort> Label) phantom, Device device)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var few = Dice(Predict(network, phantom.Image, new InferenceOptions(), device), phantom.Label);
        var quick = clock.Elapsed.TotalSeconds;
        var many = Dice(Predict(network, phantom.Image, InferenceOptions.Reference with { Stride = new Size3(8, 8, 2) }, device), phantom.Label);
        return (few, many, quick, clock.Elapsed.TotalSeconds - quick);
    }

    private static Measured Start => new(double.MaxValue, double.MaxValue, 0);

    private static float[] Predict(VerSemiNetwork network, Volume<float> volume, InferenceOptions options, Device device) =>
        new SlidingWindow(network, Patch, options, device).Predict(volume, [new Prompt(0)], default)[0];

    private static double Dice(float[] probability, Volume<ushort> truth)
    {
        var both = probability.Zip(truth.Voxels).Count(pair => pair.First > 0.5f && pair.Second == 1);
        return 2.0 * both / (probability.Count(p => p > 0.5f) + truth.Voxels.Count(label => label == 1));
    }
}
