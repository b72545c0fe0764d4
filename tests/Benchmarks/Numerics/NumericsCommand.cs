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
        var axes = new Axes();
        var limits = new Option<string>("--limits") { Description = "Comma-separated values of DNNL_MAX_CPU_ISA", DefaultValueFactory = _ => $"SSE41,AVX2,{Unrestricted}" };
        var processes = new Option<int>("--processes") { Description = "For each limit and number of threads", DefaultValueFactory = _ => 3 };
        var command = new Command("numerics", "Whether training is finite and the same bits on this processor") { limits, processes, Child() };
        axes.AddTo(command);
        command.SetAction(parsed =>
        {
            Console.WriteLine($"Processor: {Processor.Description}\n\n| limit | threads | runs | not finite | bits differ |\n|---|---|---|---|---|");
            var sound = true;
            foreach (var limit in parsed.GetValue(limits)!.Split(','))
                foreach (var threads in Axes.Of(parsed, axes.Threads))
                    sound &= Report(limit, threads, [.. Enumerable.Range(0, parsed.GetValue(processes)).Select(_ => InChild(limit, ["numerics", "child", .. axes.Arguments(parsed, threads)]))]);
            return sound ? 0 : 1;
        });
        return command;
    }

    /// <summary>All recipes at one number of threads: a line of name and outcome each.</summary>
    private static Command Child()
    {
        var axes = new Axes();
        var command = new Command("child") { Hidden = true };
        axes.AddTo(command);
        command.SetAction(parsed =>
        {
            TorchRuntime.Start("cpu", int.Parse(Axes.Of(parsed, axes.Threads)[0], CultureInfo.InvariantCulture));
            foreach (var recipe in axes.Recipes(parsed))
                Console.WriteLine($"{Name(recipe)}\t{Outcome(recipe)}");
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
}
