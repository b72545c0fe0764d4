using System.CommandLine;
using System.Globalization;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi cycles start`: train on the datasets as they are now.</summary>
internal static class CyclesStartCommand
{
    public static Command Create()
    {
        var recipe = SharedOptions.Recipe();
        var seed = new Option<int?>("--seed") { Description = "In place of the line's own" };
        var seeds = new Option<string?>("--seeds") { Description = "Several, as 1,2,3: a candidate from each is trained, and the best on validation judged" };
        var wait = new Option<bool>("--wait") { Description = "Show the progress and wait for the verdict" };
        var why = Ask.Why();
        var command = new Command("start", "Train on the datasets as they are now") { recipe, seed, seeds, wait, why };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(seed) is not null && parsed.GetValue(seeds) is not null)
                throw new UsageException("--seed and --seeds exclude each other: give all seeds by --seeds.");
            var start = new StartCycle(Ask.Who, parsed.GetValue(why), Recipe: SharedOptions.ReadRecipe(parsed.GetValue(recipe)), Seed: parsed.GetValue(seed), Seeds: SeedsOf(parsed.GetValue(seeds)));
            var waiting = parsed.GetValue(wait);
            var output = Out.Of(parsed);
            await using var session = await PlatformSession.OpenAsync(parsed, new HostPlan("cycles start", Workers: waiting), cancellation);
            var cycle = await session.Api.PostAsync<CycleView>(Routes.Cycles, start, cancellation);
            if (!waiting)
            {
                output.Table("Cycle", [cycle], ("cycle", c => c.Id), ("state", c => c.State), ("run", c => c.Run));
                if (session.IsHostedHere)
                    output.Line("No platform is running: 'versemi up' works on it.");
                return ExitCodes.Ok;
            }
            var detail = await new Watch(session, output).CycleAsync(cycle.Id, cancellation);
            Verdict.Show(output, detail);
            return Verdict.ExitCode(detail.Cycle);
        });
        return command;
    }

    private static List<int>? SeedsOf(string? text) => text is null ? null : [.. text.Split(',').Select(seed =>
        int.TryParse(seed, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"--seeds {text}: '{seed}' is not a whole number. Give seeds as 1,2,3."))];
}
