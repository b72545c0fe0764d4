using System.CommandLine;
using System.Globalization;
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
        var log = new Option<bool>("--log") { Description = "The last lines that the run's worker logged" };
        var attempt = new Option<int?>("--attempt") { Description = "Of which attempt --log tells (default: the newest)" };
        var command = new Command("runs", "The trainings; with an id, one of them and its timeline") { id, log, attempt };
        command.Validators.Add(called =>
        {
            if (called.GetValue(log) && called.GetValue(id) is null)
                called.AddError("--log needs the run's ID; 'versemi runs' lists them.");
            if (called.GetValue(attempt) is not null && !called.GetValue(log))
                called.AddError("--attempt says of which attempt --log tells: give --log too.");
        });
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            if (parsed.GetValue(id) is { } run && parsed.GetValue(log))
                await ShowLogAsync(api, run, parsed.GetValue(attempt), output, cancellation);
            else if (parsed.GetValue(id) is { } one)
                Show(output, await api.GetAsync<RunDetail>(Routes.Run(Uri.EscapeDataString(one)), cancellation));
            else
                output.Table("Runs", await api.GetAsync<IReadOnlyList<RunView>>(Routes.Runs, cancellation),
                    ("run", r => r.Id), ("state", r => r.State), ("attempt", r => r.Attempt), ("recipe", r => r.Recipe), ("label space", r => r.LabelSpace),
                    ("progress", r => r.Progress is { } p ? Progress.Describe(p) : null), ("reason", r => r.Reason), ("since", r => r.CreatedAt));
        });
        return command;
    }

    private static async Task ShowLogAsync(ApiClient api, string run, int? attempt, Out output, CancellationToken cancellation)
    {
        var log = await api.GetAsync<RunLog>(Routes.RunLog(Uri.EscapeDataString(run)) + (attempt is { } number ? $"?attempt={number}" : ""), cancellation);
        if (output.IsJson)
            Out.Json(log);
        else
            foreach (var line in log.Lines)
                System.Console.Out.WriteLine(line);
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
            ("outcome", a => a.Outcome), ("reason", a => a.Reason), ("peak memory", a => Memory(a.PeakMemoryBytes ?? a.Progress?.PeakMemoryBytes)), ("progress", a => a.Progress is { } p ? Progress.Describe(p) : null));
        Timeline.Show(output, detail.Timeline);
    }

    private static string? Memory(long? bytes) => bytes is { } b ? string.Create(CultureInfo.InvariantCulture, $"{b / (double)(1L << 30):0.0} GiB") : null;
}
