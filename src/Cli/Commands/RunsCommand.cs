using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi runs [ID]`: the trainings; one of them with its attempts and its timeline.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "A run's id: its attempts and timeline", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("runs", "The trainings; with an id, one of them and its timeline") { id };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            if (parsed.GetValue(id) is { } run)
                Show(output, await api.GetAsync<RunDetail>(Routes.Run(Uri.EscapeDataString(run)), cancellation));
            else
                output.Table("Runs", await api.GetAsync<IReadOnlyList<RunView>>(Routes.Runs, cancellation),
                    ("run", r => r.Id), ("state", r => r.State), ("attempt", r => r.Attempt), ("recipe", r => r.Recipe), ("label space", r => r.LabelSpace),
                    ("progress", r => r.Progress is { } p ? Progress.Describe(p) : null), ("reason", r => r.Reason), ("since", r => r.CreatedAt));
        });
        return command;
    }

    private static void Show(Out output, RunDetail detail)
    {
        if (output.IsJson)
        {
            Out.Json(detail);
            return;
        }
        var run = detail.Run;
        output.Facts($"run {run.Id}",
            ("state", run.State), ("reason", run.Reason), ("cycle", run.Cycle), ("recipe", run.Recipe), ("seed", run.Seed),
            ("label space", run.LabelSpace), ("started from", run.Champion is { } c ? $"{run.Line}/{c}" : "scratch"), ("datasets", detail.Datasets),
            ("forecast", detail.Plan?.Forecast?.ToString()), ("took", detail.Training?.Cost), ("training", detail.Training is { } training ? Progress.Describe(training) : null));
        if (detail.Plan is { Choices.Count: > 0 } plan)
            output.Table("Planned", plan.Choices, ("choice", c => c.Choice), ("value", c => c.Value), ("because", c => c.Reason));
        output.Table("Attempts", detail.Attempts, ("attempt", a => a.Number), ("work", a => a.Work), ("started", a => a.StartedAt), ("ended", a => a.EndedAt),
            ("outcome", a => a.Outcome), ("reason", a => a.Reason), ("progress", a => a.Progress is { } p ? Progress.Describe(p) : null));
        Timeline.Show(output, detail.Timeline);
    }
}
