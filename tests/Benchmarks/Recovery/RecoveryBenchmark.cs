using System.CommandLine;

namespace VerSemi.Benchmarks.Recovery;

/// <summary>`recovery`: how long a death is felt, with the timings that the services have by default.</summary>
internal static class RecoveryBenchmark
{
    public static Command Create()
    {
        var repeats = new Option<int>("--repeats") { Description = "Deaths of each kind", DefaultValueFactory = _ => 5 };
        var seed = new Option<int>("--seed") { Description = "Of the moments of death", DefaultValueFactory = _ => 1 };
        var only = new Option<string?>("--only") { Description = "orchestrator or trainer; none: both" };
        var command = new Command("recovery", "Seconds until work goes on after an orchestrator or a trainer was killed; needs RabbitMQ, PostgreSQL and Azurite") { repeats, seed, only };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (n, random) = (parsed.GetValue(repeats), new Random(parsed.GetValue(seed)));
            Console.WriteLine("| after kill -9 | n | median | maximum | target |\n|---|---|---|---|---|");
            if (parsed.GetValue(only) is null or "orchestrator")
            {
                await PrintAsync(OrchestratorDeath.MeasureAsync(n, of: 2, random, cancellation));
                await PrintAsync(OrchestratorDeath.MeasureAsync(n, of: 1, random, cancellation));
            }
            if (parsed.GetValue(only) is null or "trainer")
                await PrintAsync(TrainerDeath.MeasureAsync(n, random, cancellation));
        });
        return command;
    }

    private static async Task PrintAsync(Task<IReadOnlyList<Times>> measuring)
    {
        foreach (var row in await measuring)
            Console.WriteLine(row);
    }
}
