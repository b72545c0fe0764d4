using VerSemi.Domain.Recipes;

namespace VerSemi.Benchmarks.Speed;

/// <summary>The stage-2 step beside the reference's data flow and beside the trunk alone; and in both precisions.</summary>
internal static class StepSpeed
{
    private const string Cube = "64,64,64", Slab = "32,48,32";

    public static IEnumerable<Row> Rows(int threads, int repeats)
    {
        var found = Alternate(repeats, [("stage2", 4), ("separate", 4), ("trunk", 4), ("stage2", 32)],
            work => Child(work.Item1, work.Item2, Cube, TrunkPrecision.Float32, threads));
        var (step, separate, trunk, many) = (found[0], found[1], found[2], found[3]);
        yield return new Row("stage-2 step, 4 tasks, patch 64³, batch 4 + 4", Figure(step));
        yield return new Row("the reference's data flow: 26 volumes through the network instead of 10", $"{Figure(separate)}: {Ratio(separate, step)}", "≥ 2.25 ×");
        yield return new Row("the limit: forward and backward of the trunk alone", $"{Figure(trunk)}; the step is {Ratio(step, trunk)}", "≤ 1.15 ×");
        yield return new Row("peak memory of the step beside the reference's data flow", $"{step.PeakMiB / separate.PeakMiB:0.00} ×", "≤ 0.5 ×");
        yield return new Row("32 tasks instead of 4", $"{Figure(many)}: {many.PeakMiB / step.PeakMiB:0.00} × memory, {Ratio(many, step)} time", "≤ 1.5 × memory");
    }

    /// <summary>Every annotated task of an image is supervised: what that costs.</summary>
    public static IEnumerable<Row> Targets(int threads, int repeats)
    {
        var found = Alternate(repeats, [("stage1", 4), ("prompts", 4), ("several", 4), ("several", 16)], work => Child(work.Item1, work.Item2, Slab, TrunkPrecision.Float32, threads));
        yield return new Row("stage-1 step, patch 32×48×32, batch 4, Dice over the batch, one annotated task an image", Figure(found[0]));
        yield return new Row("Dice over each prompt", Compared(found[1]), "≤ 1.15 ×");
        yield return new Row("4 annotated tasks an image", Compared(found[2]), "≤ 1.15 ×");
        yield return new Row("16 annotated tasks an image", Compared(found[3]));

        string Compared(Measured step) => $"{Figure(step)}: {Ratio(step, found[0])}, {step.PeakMiB / found[0].PeakMiB:0.00} × memory";
    }

    public static IEnumerable<Row> Precisions(int threads, int repeats)
    {
        foreach (var stage in (string[])["stage1", "stage2"])
        {
            var found = Alternate(repeats, [TrunkPrecision.Float32, TrunkPrecision.Bfloat16], precision => Child(stage, 4, Slab, precision, threads));
            yield return new Row($"{stage}, patch 32×48×32, batch 4 + 4: float32, bfloat16", $"{Figure(found[0])}; {Figure(found[1])}: {Ratio(found[1], found[0])}");
        }
    }

    private static Measured Child(string work, int tasks, string patch, TrunkPrecision precision, int threads) =>
        Measured.InChild("speed", "work", work, "--tasks", $"{tasks}", "--patch", patch, "--precision", $"{precision}", "--threads", $"{threads}");

    // In turns, so that other load on the machine meets all of them.
    private static Measured[] Alternate<T>(int repeats, T[] works, Func<T, Measured> measure)
    {
        var best = new Measured[works.Length];
        for (var round = 0; round < repeats; round++)
            for (var i = 0; i < works.Length; i++)
                best[i] = measure(works[i]) is var found && round == 0 ? found : best[i].Best(found);
        return best;
    }

    private static string Figure(Measured m) => $"{m.Seconds:0.00} s ({m.ProcessorSeconds:0.00} s of processor), {m.PeakMiB:0} MiB";

    private static string Ratio(Measured a, Measured b) => $"{a.Seconds / b.Seconds:0.00} × ({a.ProcessorSeconds / b.ProcessorSeconds:0.00} × of processor)";
}
