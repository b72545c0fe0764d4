using System.CommandLine;
using System.Text.Json;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer;

namespace VerSemi.Benchmarks.Speed;

/// <summary>`speed [PART…]`: time and memory as ratios within one run, as Markdown.</summary>
internal static class SpeedBenchmark
{
    private static readonly Dictionary<string, Func<int, int, IEnumerable<Row>>> Parts = new()
    {
        ["step"] = StepSpeed.Rows,
        ["targets"] = StepSpeed.Targets,
        ["precision"] = StepSpeed.Precisions,
        ["inference"] = InferenceSpeed.Tasks,
        ["overlap"] = InferenceSpeed.Overlap,
        ["distances"] = ImagingSpeed.Distances,
        ["nifti"] = ImagingSpeed.Reading,
    };

    public static Command Create()
    {
        var parts = new Argument<string[]>("PART") { Description = $"{string.Join(", ", Parts.Keys)}; none: all", Arity = ArgumentArity.ZeroOrMore };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount };
        var repeats = new Option<int>("--repeats") { Description = "Alternations of what is compared; the best counts", DefaultValueFactory = _ => 3 };
        var command = new Command("speed", "Time and memory of the step, of inference and of metrics") { parts, threads, repeats, Child() };
        command.SetAction(parsed =>
        {
            Console.WriteLine("| | measured | target |\n|---|---|---|");
            foreach (var part in parsed.GetValue(parts) is { Length: > 0 } chosen ? chosen : [.. Parts.Keys])
                foreach (var row in Parts[part](parsed.GetValue(threads), parsed.GetValue(repeats)))
                    Console.WriteLine(row);
        });
        return command;
    }

    /// <summary>One piece of work in a process of its own.</summary>
    private static Command Child()
    {
        var work = new Argument<string>("WORK");
        var tasks = new Option<int>("--tasks");
        var patch = new Option<string>("--patch");
        var precision = new Option<TrunkPrecision>("--precision");
        var threads = new Option<int>("--threads");
        var command = new Command("work") { work, tasks, patch, precision, threads };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            TorchRuntime.Start("cpu", parsed.GetValue(threads));
            using var step = new StepWork(parsed.GetValue(tasks), [.. parsed.GetValue(patch)!.Split(',').Select(long.Parse)], parsed.GetValue(precision));
            Measured? found = null;
            var thread = new Thread(() => found = Measured.Of(2, () => step.Run(parsed.GetValue(work)!))); // not the main one, as in the product
            thread.Start();
            thread.Join();
            Console.WriteLine(JsonSerializer.Serialize(found));
        });
        return command;
    }
}

/// <summary>One line of the table.</summary>
internal sealed record Row(string What, string Figure, string Wanted = "")
{
    public override string ToString() => $"| {What} | {Figure} | {Wanted} |";
}
