using System.CommandLine;
using System.Text.Json;
using VerSemi.DistributedKit.Faults;
using VerSemi.TestKit;

namespace VerSemi.Benchmarks.Faults;

/// <summary>
/// `faults --seeds 1,2,3 --faults 100`: the long version of the fault run, and the same drops without a fault to compare with.
/// Each result is stored, and what has one is not run again.
/// </summary>
internal static class FaultsCommand
{
    public static Command Create()
    {
        var seeds = new Option<string>("--seeds") { Description = "Comma-separated", DefaultValueFactory = _ => "1,2,3,4,5" };
        var faults = new Option<int>("--faults") { Description = "Faults a seed", DefaultValueFactory = _ => 100 };
        var without = new Option<string>("--without") { Description = "Comma-separated kinds of faults that are passed over, to look for the one that does harm", DefaultValueFactory = _ => "" };
        var results = new Option<string>("--results") { DefaultValueFactory = _ => "versemi-faults" };
        var command = new Command("faults", "Faults at random moments against the distributed system") { seeds, faults, without, results };
        command.SetAction(async (parsed, cancellation) =>
        {
            Directory.CreateDirectory(parsed.GetValue(results)!);
            var found = new List<FaultRunResult>();
            var kinds = parsed.GetValue(without)!.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<FaultKind>).ToList();
            foreach (var seed in parsed.GetValue(seeds)!.Split(',').Select(int.Parse))
                found.Add(await OfAsync(seed, parsed.GetValue(faults), parsed.GetValue(results)!, kinds, cancellation));
            found.Add(await OfAsync(seed: 0, faults: 0, parsed.GetValue(results)!, [], cancellation, drops: found.Max(result => result.Cycles)));
            Print(found);
            return found.All(result => result.IsSound) && SameModels(found) ? 0 : 1;
        });
        return command;
    }

    private static async Task<FaultRunResult> OfAsync(int seed, int faults, string results, IReadOnlyList<FaultKind> without, CancellationToken cancellation, int drops = 1)
    {
        var file = Path.Combine(results, faults > 0 ? $"seed-{seed}-{string.Join('-', without.Select(kind => $"{kind}").Prepend($"{faults}"))}.json" : $"undisturbed-{drops}.json");
        if (File.Exists(file))
            return JsonSerializer.Deserialize<FaultRunResult>(await File.ReadAllTextAsync(file, cancellation))!;
        using var folder = new TempFolder();
        var result = await new FaultRun(seed, faults, drops, folder.Path, line => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {line}"), without).RunAsync(cancellation);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(result), cancellation);
        return result;
    }

    private static void Print(List<FaultRunResult> found)
    {
        Console.WriteLine("| seed | faults | cycles | drops lost | promotions doubled | half-written blobs | unhealed pointers | stuck cycles | ended otherwise | minutes |\n|---|---|---|---|---|---|---|---|---|---|");
        foreach (var r in found)
            Console.WriteLine(FormattableString.Invariant(
                $"| {(r.Faults > 0 ? r.Seed : "none")} | {r.Faults} | {r.Cycles} | {r.DropsLost} | {r.DoublePromotions} | {r.HalfWritten.Count} | {r.Unhealed.Count} | {r.StuckCycles} | {r.EndedOtherwise} | {r.Took.TotalMinutes:0} |"));
        Console.WriteLine($"\n{found.Sum(result => result.Faults)} faults. The same drops came to the same weights with and without faults, bit by bit: {(SameModels(found) ? "yes" : "NO")}.");
    }

    /// <summary>Of each model, in all runs that were long enough to come to it.</summary>
    private static bool SameModels(List<FaultRunResult> found) =>
        found.SelectMany(result => result.Weights.Select((weights, model) => (model, weights))).Distinct().Count() == found.Max(result => result.Weights.Count);
}
