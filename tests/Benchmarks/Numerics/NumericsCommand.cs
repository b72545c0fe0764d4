using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer;
using VerSemi.GpuTrainer.Planning;
using static TorchSharp.torch;

namespace VerSemi.Benchmarks.Numerics;

/// <summary>
/// `numerics`: steps of every width, norm, patch, batch and precision, in several processes for each limit of the instruction
/// set. Each must be finite, and the weights must be the same bits in all processes of a limit.
/// </summary>
internal static class NumericsCommand
{
    private const string Unrestricted = "unrestricted";

    public static Command Create()
    {
        var widths = List("--widths", "4,8,12,16,20,24,32,48");
        var norms = List("--norms", "batch,group");
        var patches = List("--patches", "16,32,48");
        var batches = List("--batches", "2,4");
        var precisions = List("--precisions", "float32,bfloat16");
        var threads = List("--threads", "1,2");
        var limits = List("--limits", $"SSE41,AVX2,{Unrestricted}");
        var steps = new Option<int>("--steps") { DefaultValueFactory = _ => 20 };
        var processes = new Option<int>("--processes") { Description = "For each limit and number of threads", DefaultValueFactory = _ => 3 };
        var command = new Command("numerics", "Whether training is finite and the same bits on this processor") { widths, norms, patches, batches, precisions, threads, limits, steps, processes };
        var child = new Command("child") { widths, norms, patches, batches, precisions, threads, steps };
        child.Hidden = true;
        child.SetAction(parsed =>
        {
            TorchRuntime.Start("cpu", int.Parse(parsed.GetValue(threads)!, CultureInfo.InvariantCulture));
            foreach (var recipe in Recipes(Split(widths), Split(norms), Split(patches), Split(batches), Split(precisions), parsed.GetValue(steps)))
                Console.WriteLine($"{Name(recipe)}\t{Outcome(recipe)}");

            string[] Split(Option<string> option) => parsed.GetValue(option)!.Split(',');
        });
        command.Add(child);
        command.SetAction(parsed =>
        {
            Console.WriteLine($"Processor: {Processor.Description}\n\n| limit | threads | runs | not finite | bits differ |\n|---|---|---|---|---|");
            var sound = true;
            foreach (var limit in parsed.GetValue(limits)!.Split(','))
                foreach (var count in parsed.GetValue(threads)!.Split(','))
                {
                    string[] arguments = ["numerics", "child", "--threads", count, "--steps", $"{parsed.GetValue(steps)}",
                        .. new[] { widths, norms, patches, batches, precisions }.SelectMany(option => (string[])[option.Name, parsed.GetValue(option)!])];
                    var found = Enumerable.Range(0, parsed.GetValue(processes)).Select(_ => InChild(limit, arguments)).ToList();
                    sound &= Report(limit, count, found);
                }
            return sound ? 0 : 1;
        });
        return command;
    }

    private static bool Report(string limit, string threads, List<string[]> found)
    {
        var lines = found.SelectMany(lines => lines).Distinct().Select(line => line.Split('\t')).ToList();
        var broken = lines.Where(line => line[1].StartsWith("not finite", StringComparison.Ordinal)).Select(line => line[0]).Distinct().ToList();
        var differing = lines.GroupBy(line => line[0]).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        Console.WriteLine($"| {limit} | {threads} | {found.Sum(lines => lines.Length)} | {Few(broken)} | {Few(differing)} |");
        return broken.Count == 0 && differing.Count == 0 && found.All(lines => lines.Length == found[0].Length && lines.Length > 0);
    }

    private static string Few(List<string> names) => names.Count == 0 ? "none" : $"{names.Count}: {string.Join("; ", names.Take(5))}";

    private static IEnumerable<TrainingRecipe> Recipes(string[] widths, string[] norms, string[] patches, string[] batches, string[] precisions, int steps) =>
        from width in widths
        from norm in norms
        from patch in patches
        from batch in batches
        from precision in precisions
        let side = int.Parse(patch, CultureInfo.InvariantCulture)
        let samples = int.Parse(batch, CultureInfo.InvariantCulture)
        select new TrainingRecipe
        {
            Width = int.Parse(width, CultureInfo.InvariantCulture),
            Norm = Enum.Parse<FeatureNorm>(norm, ignoreCase: true),
            Precision = Enum.Parse<TrunkPrecision>(precision, ignoreCase: true),
            Patch = [side, side, side],
            LabelledBatch = samples,
            UnlabelledBatch = samples,
            Stage1Steps = steps / 2,
            Stage2Steps = steps - steps / 2,
            GradientClip = 5,
        };

    private static string Name(TrainingRecipe recipe) => $"width {recipe.Width} {recipe.Norm} patch {recipe.Patch[0]} batch {recipe.LabelledBatch} {recipe.Precision}";

    private static string Outcome(TrainingRecipe recipe)
    {
        try
        {
            var space = LabelSpace.Empty.Grow([("a/one", "one", "MRI"), ("a/two", "two", "MRI")]);
            return ProcessorTest.Steps(recipe, space, CPU, recipe.Stage1Steps + recipe.Stage2Steps);
        }
        catch (GpuTrainer.Training.NonFiniteLossException e)
        {
            return $"not finite: {e.What} at step {e.Step}";
        }
    }

    private static string[] InChild(string limit, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(NumericsCommand).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // As the launcher `versemi` does: freed memory stays with the process and comes back as it was left.
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("MALLOC_ARENA_MAX", "1"), ("MALLOC_MMAP_MAX_", "0"), ("MALLOC_TRIM_THRESHOLD_", "100000000000")])
            start.Environment.TryAdd(name, value);
        start.Environment.Remove("DNNL_MAX_CPU_ISA");
        if (limit != Unrestricted)
            start.Environment["DNNL_MAX_CPU_ISA"] = limit;
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException($"`{string.Join(' ', arguments)}` ended with {child.ExitCode}: {output}");
    }

    private static Option<string> List(string name, string all) => new(name) { Description = $"Comma-separated, of {all}", DefaultValueFactory = _ => all };
}
