using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi status`: what goes on.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "What goes on: model lines, their cycles and trainings, open drops");
        command.SetQuestion(async (api, _, output, cancellation) =>
        {
            var status = await api.GetAsync<StatusView>(Routes.Status, cancellation);
            if (output.IsJson)
            {
                Out.Json(status);
                return;
            }
            Show(output, status);
            await ShowDeadLettersAsync(api, output, cancellation);
        });
        return command;
    }

    private static void Show(Out output, StatusView status)
    {
        foreach (var line in status.Lines)
            output.Facts($"line {line.Line}",
                ("recipe", line.Recipe),
                ("in production", line.Production is { } p ? $"{line.Line}/{p.Version} (generation {p.Generation})" : "nothing yet"),
                ("cycle", line.Cycle is { } cycle ? $"{cycle.Number}: {cycle.State}" : "none yet"),
                ("took", line.Cycle?.Drops is { Count: > 0 } drops ? drops.Select(drop => $"drop {drop}") : null),
                ("reason", line.Cycle?.Reason),
                ("run", line.Run is { } run ? $"{run.Id}: {run.State}, attempt {run.Attempt}" : null),
                ("progress", line.Run?.Progress is { } progress && !RunStates.IsFinal(line.Run.State) ? Progress.Describe(progress) : null),
                ("for the next cycle", line.Pending.Count > 0 ? line.Pending : null),
                ("it waits", line.Waiting));
        output.Table("Open drops", status.OpenDrops, ("drop", d => d.Drop), ("state", d => d.State), ("problem", d => d.Problem));
        foreach (var trouble in status.Trouble)
            output.Line($"trouble: {trouble}");
    }

    private static async Task ShowDeadLettersAsync(ApiClient api, Out output, CancellationToken cancellation)
    {
        try
        {
            var queues = (await api.GetAsync<IReadOnlyList<QueueView>>(Routes.Queues, cancellation)).Where(queue => queue.DeadLetters > 0).ToList();
            if (queues.Count > 0)
                output.Line($"dead letters: {string.Join(", ", queues.Select(queue => $"{queue.DeadLetters} of '{queue.Queue}'"))}. 'versemi queues' shows every queue.");
        }
        catch (HttpRequestException e)
        {
            output.Line($"trouble: queues: {e.Message}");
        }
        catch (NotFoundException)
        {
            // A platform of an older version.
        }
    }
}
