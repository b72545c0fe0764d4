using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VerSemi.DistributedKit;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.Benchmarks.Soak;

/// <summary>
/// `soak --minutes N`: cycles of seconds on the same data, one after another, and the memory of each service over time. With every cycle the
/// same dataset is dropped once more (Ingest reads all of it and finds nothing new) and trained on from another seed: what grows is a leak.
/// </summary>
internal static class SoakCommand
{
    private static readonly string[] _services = ["Orchestrator", "Ingest", "GpuTrainer"];
    private static readonly string[] _launcher = ["MALLOC_ARENA_MAX=1", "MALLOC_MMAP_MAX_=0", "MALLOC_TRIM_THRESHOLD_=100000000000"];

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long", DefaultValueFactory = _ => 60 };
        var rows = new Option<int>("--rows") { Description = "Rows of the table", DefaultValueFactory = _ => 12 };
        var malloc = new Option<string[]>("--malloc") { Description = "glibc's settings of the trainer (NAME=VALUE); default: those of its image and of the launcher", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => _launcher };
        var command = new Command("soak", "Memory of each service over hours of cycles; needs RabbitMQ, PostgreSQL and Azurite") { minutes, rows, malloc };
        command.SetAction((parsed, cancellation) => RunAsync(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(rows), parsed.GetValue(malloc)!, cancellation));
        return command;
    }

    private static async Task RunAsync(TimeSpan length, int rows, string[] malloc, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var recipe = QuickRecipe.Write(folder["recipe.json"], steps: 20, checkpointEvery: 10);
        await using var system = await DistributedSystem.StartAsync(QuickSettings.With(("Orchestrator:Lines:main:Recipe", recipe)), cancellation: cancellation);
        var more = malloc.Where(setting => setting.Length > 0).ToDictionary(setting => setting.Split('=')[0], setting => setting.Split('=')[1]);
        var services = _services.Select(project => system.Start(project, [], more: project == "GpuTrainer" ? more : null)).ToList();
        foreach (var service in services)
            await service.ReadyAsync(Eventually.Patience, cancellation);
        var data = TinyDataset.Write(folder["tiny"]);
        await services[0].DropAsync(data, cancellation: cancellation);
        await CycleIsOverAsync(services[0], 1, cancellation);

        using var http = new HttpClient();
        Console.WriteLine($"Resident MiB (of it managed). Trainer's malloc: {string.Join(' ', more.Select(setting => $"{setting.Key}={setting.Value}").DefaultIfEmpty("glibc's defaults"))}\n");
        Console.WriteLine("| minutes | cycles | orchestrator | ingest | trainer |\n|---|---|---|---|---|");
        var samples = new List<(double Hours, MemorySample[] Of)>();
        var (clock, cycles) = (Stopwatch.StartNew(), 1);
        while (true)
        {
            if (clock.Elapsed >= length * samples.Count / Math.Max(rows - 1, 1))
                samples.Add(await SampleAsync(services, clock, cycles, http, cancellation));
            if (clock.Elapsed >= length)
                break;
            cycles++;
            await services[0].DropAsync(data, $"tiny-{cycles}", cancellation);
            await services[0].PostAsync<CycleView>(Routes.Cycles, new StartCycle("soak", Seed: cycles), cancellation);
            await CycleIsOverAsync(services[0], cycles, cancellation);
        }
        var late = samples.Skip(samples.Count / 2).ToList();
        Console.WriteLine($"| second half, MiB an hour | | {string.Join(" | ", services.Select((_, i) => Slope(late, i).ToString("+0;-0;0", CultureInfo.InvariantCulture)))} |");
    }

    private static Task CycleIsOverAsync(ServiceProcess orchestrator, int number, CancellationToken cancellation) => Eventually.TrueAsync($"cycle {number} is over", async () =>
        (await orchestrator.GetAsync<List<CycleView>>(Routes.Cycles + "?limit=1", cancellation)).Any(cycle => cycle.Number == number && CycleStates.IsFinal(cycle.State)), cancellation);

    private static async Task<(double Hours, MemorySample[] Of)> SampleAsync(List<ServiceProcess> services, Stopwatch clock, int cycles, HttpClient http, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(services.Select(service => MemorySample.OfAsync(service, http, cancellation)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {clock.Elapsed.TotalMinutes:0} | {cycles} | {string.Join(" | ", found.Select(sample => $"{sample}"))} |"));
        return (clock.Elapsed.TotalHours, found);
    }

    /// <summary>Least squares, in MiB an hour.</summary>
    private static double Slope(List<(double Hours, MemorySample[] Of)> samples, int service)
    {
        var (x, y) = (samples.Average(sample => sample.Hours), samples.Average(sample => sample.Of[service].Resident));
        var spread = samples.Sum(sample => Math.Pow(sample.Hours - x, 2));
        return spread == 0 ? 0 : samples.Sum(sample => (sample.Hours - x) * (sample.Of[service].Resident - y)) / spread;
    }
}
