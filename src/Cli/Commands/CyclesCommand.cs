using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi cycles [ID]`, and what a person can do to one: start, cancel, approve, reject, retry.</summary>
internal static class CyclesCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "A cycle's id: its verdict and timeline", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("cycles", "The cycles from data to verdict; with an id, one of them")
        {
            id,
            CyclesStartCommand.Create(),
            Act("cancel", "Stop a cycle", Routes.CancelCycle),
            Act("approve", "Promote the candidate of a cycle that waits for approval", Routes.ApproveCycle),
            Act("reject", "Reject the candidate of a cycle that waits for approval", Routes.RejectCycle),
            Act("retry", "Go on with a failed cycle where it failed", Routes.RetryCycle),
        };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            if (parsed.GetValue(id) is { } cycle)
                ShowOne(output, await api.GetAsync<CycleDetail>(Routes.Cycle(Uri.EscapeDataString(cycle)), cancellation));
            else
                Show(output, await api.GetAsync<IReadOnlyList<CycleView>>(Routes.Cycles, cancellation));
        });
        return command;
    }

    private static Command Act(string name, string description, Func<string, string> route)
    {
        var id = new Argument<string>("ID") { Description = "The cycle's id" };
        var why = Ask.Why();
        var command = new Command(name, description) { id, why };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
            Show(output, [await api.PostAsync<CycleView>(route(Uri.EscapeDataString(parsed.GetValue(id)!)), new HumanAct(Ask.Who, parsed.GetValue(why)), cancellation)]));
        return command;
    }

    private static void ShowOne(Out output, CycleDetail detail)
    {
        Verdict.Show(output, detail);
        if (output.IsJson)
            return;
        if (detail.Cycle.Drops is { Count: > 0 } drops)
            output.Line($"drops that it took: {string.Join(", ", drops)}");
        if (detail.Cycle.Candidates is { Count: > 1 } candidates)
            output.Table("Candidates", candidates, ("run", c => c.Run), ("recipe", c => c.Recipe), ("seed", c => c.Seed), ("validation Dice", c => c.Dice), ("end", c => c.End), ("reason", c => c.Reason));
        Timeline.Show(output, detail.Timeline);
        if (detail.Cycle.TraceParent?.Split('-') is [_, var trace, ..])
            output.Line($"trace: {trace}");
    }

    private static void Show(Out output, IReadOnlyList<CycleView> cycles) => output.Table("Cycles", cycles,
        ("cycle", c => c.Id), ("number", c => c.Number), ("state", c => c.State), ("reason", c => c.Reason), ("datasets", c => c.Datasets), ("drops", c => c.Drops), ("recipe", c => c.Recipe),
        ("run", c => c.Run), ("model", c => c.Model is { } model ? $"{c.Line}/{model}" : null), ("generation", c => c.Generation), ("since", c => c.CreatedAt));
}
