using System.Diagnostics;
using System.Globalization;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests.Planning;

/// <summary>Not a test: what a process that does nothing but one planned training forecasts and takes. Run in a process of its own (<see cref="ProbeProcess"/>).</summary>
public class TrainingProbe
{
    private const int Stage1 = 12, Stage2 = 6;

    [Fact(Explicit = true)]
    public async Task Measure()
    {
        var stop = TestContext.Current.CancellationToken;
        using var store = new SmallStore(training: 6, validation: 2, unlabelled: 4, side: int.Parse(Environment.GetEnvironmentVariable(ProbeProcess.Shape)!, CultureInfo.InvariantCulture));
        var options = new TrainerOptions { Device = "cpu", Threads = 1, Scratch = store.Scratch, MemoryMiB = 8192, CacheMiB = 64 };
        var run = store.Run(RecipeBook.BuiltIn("auto"));
        var data = await GpuTrainer.Data.TrainingData.LoadAsync(store.Blobs, run.LabelSpace, run.Datasets, stop);
        var plan = await new TrainingPlan(run, store.Blobs, options, TorchRuntime.Start("cpu", 1), _ => { }).MakeAsync(data, stop, stop);
        var recipe = plan.Recipe with { Stage1Steps = Stage1, Stage2Steps = Stage2, ValidateEvery = Stage1 + Stage2, CheckpointEvery = Stage1 };
        await store.Blobs.WriteJsonAsync(BlobLayout.RunPlan(run.Run), plan with { Recipe = recipe }, DomainJson.Readable, cancellation: stop);
        var (first, clock) = ((double?)null, new Stopwatch());
        var result = new Trainer(run, 1, store.Blobs, options, progress =>
        {
            if (progress.Done == 1 && first is null)
                (first, clock) = (progress.SecondsLeft, Stopwatch.StartNew());
            if (progress.Phase == "calibrating") // after the last validation
                clock.Stop();
        }).Run(stop, stop);
        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable(ProbeProcess.Answer)!,
            string.Create(CultureInfo.InvariantCulture, $"{plan.Forecast!.MemoryBytes} {result.PeakMemoryBytes} {first} {clock.Elapsed.TotalSeconds}"), stop);
    }
}
