using System.CommandLine;
using VerSemi.Cli.Research;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>`experiments NAME…`: trains whatever of them has no stored result yet, then prints their tables.</summary>
internal static class ExperimentsCommand
{
    private static readonly IReadOnlyList<Experiment> All =
        [new MethodsExperiment(), new AblationExperiment(), GrowthExperiment.OfPhantoms, new SameAgainExperiment(), new SizesExperiment(), GrowthExperiment.OfSizes, new UnlabelledExperiment(), new UncertaintyExperiment()];

    public static Command Create()
    {
        var names = new Argument<string[]>("NAME") { Description = $"Which: {string.Join(", ", All.Select(e => e.Name))} (default: all)", Arity = ArgumentArity.ZeroOrMore };
        names.AcceptOnlyFromAmong([.. All.Select(e => e.Name)]);
        var arms = new Option<string[]>("--arms") { Description = "Instead: DATA:METHOD, e.g. hippocampus-4:VerSemi; METHOD may be a recipe file", AllowMultipleArgumentsPerToken = true };
        var only = new Option<string?>("--only") { Description = "Only arms whose data begins with this, e.g. phantoms" };
        var methods = new Option<string[]>("--methods") { Description = "Only arms of these methods", AllowMultipleArgumentsPerToken = true };
        var labels = new Option<int[]>("--labels") { Description = "Only arms with so many labelled cases a dataset", AllowMultipleArgumentsPerToken = true };
        var steps = new Option<int?>("--steps") { Description = "Steps of VerSemi; every other arm's in proportion (default: the experiments' own)" };
        var seeds = new Option<int[]>("--seeds") { Description = "Seeds, paired across methods (default: 1 2 3; same-again: 1 to 10)", AllowMultipleArgumentsPerToken = true };
        var folder = new Option<string>("--out", "-o") { Description = "Folder for data, checkpoints and results", DefaultValueFactory = _ => "versemi-experiments" };
        var hippocampus = new Option<string?>("--hippocampus") { Description = "Folder of the Medical Segmentation Decathlon's Task04_Hippocampus" };
        var jobs = new Option<int>("--jobs") { Description = "Trainings side by side", DefaultValueFactory = _ => 2 };
        var threads = new Option<int>("--threads") { Description = "Threads of each; the bits of a result depend on it", DefaultValueFactory = _ => 1 };
        var command = new Command("experiments", "Train, evaluate, and print the tables; goes on where it stopped") { names, arms, only, methods, labels, steps, seeds, folder, hippocampus, jobs, threads };
        command.SetAction(async (parsed, cancellation) =>
        {
            var research = new ResearchFolder(Path.GetFullPath(parsed.GetValue(folder)!));
            var runner = new Runner(research, new Pools(research, parsed.GetValue(hippocampus)), parsed.GetValue(jobs), parsed.GetValue(threads));
            var wanted = parsed.GetValue(arms) is { Length: > 0 } own
                ? [new FreeExperiment(own)]
                : All.Where(e => parsed.GetValue(names) is not { Length: > 0 } chosen || chosen.Contains(e.Name)).ToList<Experiment>();
            var choice = new ArmChoice(parsed.GetValue(only), parsed.GetValue(methods) ?? [], parsed.GetValue(labels) ?? [], parsed.GetValue(steps));
            foreach (var experiment in wanted)
                await RunAsync(experiment, runner, choice.Of(experiment.Arms(parsed.GetValue(seeds) is { Length: > 0 } some ? some : experiment.Seeds)), cancellation);
            Console.Error.WriteLine($"{runner.Trained} trained; every other result was there.");
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(Experiment experiment, Runner runner, IReadOnlyList<Arm> arms, CancellationToken cancellation)
    {
        if (arms.Count == 0)
            return;
        var results = await runner.RunAsync(arms, cancellation);
        Console.WriteLine($"### {experiment.Title}");
        foreach (var line in experiment.Report(results))
            Console.WriteLine(line);
        Console.WriteLine();
    }
}
