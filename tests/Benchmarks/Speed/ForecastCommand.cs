using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VerSemi.Cli.Research;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Phantoms;
using VerSemi.Platform.Blobs;

namespace VerSemi.Benchmarks.Speed;

/// <summary>`forecast`: what `auto` plans for a machine of each memory, and what the training of that shape takes: each in a process of its own, for some steps.</summary>
internal static class ForecastCommand
{
    private const int Stage1 = 30, Stage2 = 20;

    public static Command Create()
    {
        var memory = new Option<int[]>("--memory") { Description = "MiB to plan for", DefaultValueFactory = _ => [1200, 1400, 2000], AllowMultipleArgumentsPerToken = true };
        var folder = new Option<string>("--out", "-o") { Description = "Folder for data and runs", DefaultValueFactory = _ => "versemi-forecast" };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 1, Description = "Of each training" };
        var one = new Option<bool>("--one") { Hidden = true, Description = "Here, in this process" };
        var command = new Command("forecast", "The automatic recipe's forecast beside what its training takes") { memory, folder, threads, one };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (path, cores) = (Path.GetFullPath(parsed.GetValue(folder)!), parsed.GetValue(threads));
            if (parsed.GetValue(one))
            {
                Console.WriteLine(await MeasureAsync(path, parsed.GetValue(memory)![0], cores, cancellation));
                return 0;
            }
            if (!Directory.Exists(Path.Combine(path, "datasets")))
                await new ResearchFolder(path).IngestAsync(PhantomWriter.Write(Path.Combine(path, "phantoms"), PhantomDataset.Sizes), _ => { }, cancellation);
            Console.WriteLine("| planned for | width, patch, batch | memory: forecast | taken | forecast / taken | time of a run: first estimate | taken | estimate / taken |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
            foreach (var mebibytes in parsed.GetValue(memory)!)
                Console.WriteLine(await InProcessAsync(path, mebibytes, cores, cancellation));
            return 0;
        });
        return command;
    }

    private static async Task<string> InProcessAsync(string folder, int mebibytes, int threads, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ForecastCommand).Assembly.Location, "forecast", "--one", "--memory", $"{mebibytes}", "--threads", $"{threads}", "--out", folder]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var row = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return row.TrimEnd();
    }

    /// <summary>A few steps of both stages with the validation at the end; the memory is that of the whole training, the time that of these steps.</summary>
    private static async Task<string> MeasureAsync(string folder, int mebibytes, int threads, CancellationToken cancellation)
    {
        var store = new FolderBlobStore(folder);
        var options = new TrainerOptions { Device = "cpu", Threads = threads, MemoryMiB = mebibytes, CacheMiB = 256 };
        var run = await LocalTraining.SpecifyAsync(store, [], RecipeBook.BuiltIn("auto"), seed: mebibytes, cancellation);
        run = run with { Run = $"{run.Run}-{Environment.ProcessId}" };
        var data = await TrainingData.LoadAsync(store, run.LabelSpace, run.Datasets, cancellation);
        var plan = await new TrainingPlan(run, store, options, TorchRuntime.Start("cpu", threads), _ => { }).MakeAsync(data, CancellationToken.None, cancellation);
        var recipe = plan.Recipe with { Stage1Steps = Stage1, Stage2Steps = Stage2, ValidateEvery = Stage1 + Stage2, CheckpointEvery = Stage1 };
        await store.WriteJsonAsync(BlobLayout.RunPlan(run.Run), plan with { Recipe = recipe }, DomainJson.Readable, cancellation: cancellation);
        var (first, clock) = ((double?)null, new Stopwatch());
        var result = new Trainer(run, 1, store, options, progress =>
        {
            if (progress is { Done: 1, SecondsLeft: { } left } && first is null)
                (first, clock) = (left, Stopwatch.StartNew());
            if (progress.Phase == "calibrating") // after the last validation
                clock.Stop();
        }).Run(CancellationToken.None, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"| {mebibytes} MiB | {recipe.Width}, {string.Join('×', recipe.Patch)}, {recipe.LabelledBatch} | {GiB(plan.Forecast!.MemoryBytes)} | {GiB(result.PeakMemoryBytes!.Value)} | ")
            + string.Create(CultureInfo.InvariantCulture, $"**{(double)plan.Forecast.MemoryBytes / result.PeakMemoryBytes!.Value:0.00}** | {first:0} s | {clock.Elapsed.TotalSeconds:0} s | **{first / clock.Elapsed.TotalSeconds:0.00}** |");
    }

    private static string GiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.00} GiB");
}
