using System.CommandLine;
using VerSemi.Cli.Research;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>`experiments NAME…`: runs what of them is not stored yet, then prints their tables.</summary>
internal static class ExperimentsCommand
{
    public static Command Create()
    {
        var arms = new Option<string[]>("--arms") { Description = "DATA:METHOD, e.g. hippocampus-4:VerSemi; METHOD may be a recipe file", AllowMultipleArgumentsPerToken = true };
        var seeds = new Option<int[]>("--seeds") { DefaultValueFactory = _ => [1, 2, 3], AllowMultipleArgumentsPerToken = true };
        var folder = new Option<string>("--out", "-o") { Description = "Folder for data, checkpoints and results", DefaultValueFactory = _ => "versemi-experiments" };
        var hippocampus = new Option<string?>("--hippocampus") { Description = "Folder of Task04_Hippocampus" };
        var jobs = new Option<int>("--jobs") { Description = "Trainings side by side", DefaultValueFactory = _ => 2 };
        var threads = new Option<int>("--threads") { Description = "Threads of each", DefaultValueFactory = _ => 1 };
        var command = new Command("experiments", "Train, evaluate, and print the tables") { arms, seeds, folder, hippocampus, jobs, threads };
        command.SetAction(async (parsed, cancellation) =>
        {
            var research = new ResearchFolder(Path.GetFullPath(parsed.GetValue(folder)!));
            var runner = new Runner(research, new Pools(research, parsed.GetValue(hippocampus)), parsed.GetValue(jobs), parsed.GetValue(threads));
            var wanted = parsed.GetValue(arms)!.Select(arm => arm.Split(':', 2))
                .SelectMany(arm => parsed.GetValue(seeds)!.Select(seed => new Arm(arm[0], arm[1], Methods.Of(arm[1], arm[0]), seed))).OrderBy(arm => arm.Seed).ToList();
            var results = await runner.RunAsync(wanted, cancellation);
            foreach (var group in results.GroupBy(r => (r.Data, r.Method)))
                Console.WriteLine($"{group.Key.Data} {group.Key.Method}: {string.Join(" ", group.First().Report.Tasks.Select(task => $"{task} {group.Average(r => r.Report.MeanDice(task)):0.000}"))} mean {group.Average(r => r.MeanDice):0.0000} ({string.Join(" ", group.Select(r => r.MeanDice.ToString("0.000")))}) {group.Average(r => r.Seconds):0} s");
            return 0;
        });
        return command;
    }
}
