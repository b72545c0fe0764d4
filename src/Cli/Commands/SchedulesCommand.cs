using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi schedules [NAME]`, and what a person can do to them: add, remove, pause, resume.</summary>
internal static class SchedulesCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "A schedule's name: what it fired, and what not and why", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("schedules", "Cron schedules that start cycles; with a name, one of them")
        {
            name,
            SchedulesAddCommand.Create(),
            Remove(),
            Act("pause", "Let a schedule fire nothing until it is resumed", Routes.PauseSchedule),
            Act("resume", "Let a paused schedule fire again", Routes.ResumeSchedule),
        };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            if (parsed.GetValue(name) is { } schedule)
                ShowOne(output, await api.GetAsync<ScheduleDetail>(Routes.Schedule(Uri.EscapeDataString(schedule)), cancellation));
            else
                Show(output, await api.GetAsync<IReadOnlyList<ScheduleView>>(Routes.Schedules, cancellation));
        });
        return command;
    }

    private static Command Remove()
    {
        var (name, why) = (Name(), Ask.Why());
        var command = new Command("remove", "Remove a schedule; what it fired stays on record") { name, why };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            var schedule = parsed.GetValue(name)!;
            var query = new[] { ("who", api.Who), ("why", parsed.GetValue(why)) }.Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}");
            await api.DeleteAsync($"{Routes.Schedule(Uri.EscapeDataString(schedule))}?{string.Join('&', query)}", cancellation);
            output.Line($"Schedule '{schedule}' is removed.");
        });
        return command;
    }

    private static Command Act(string verb, string description, Func<string, string> route)
    {
        var (name, why) = (Name(), Ask.Why());
        var command = new Command(verb, description) { name, why };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
            Show(output, [await api.PostAsync<ScheduleView>(route(Uri.EscapeDataString(parsed.GetValue(name)!)), new HumanAct(Ask.Who, parsed.GetValue(why)), cancellation)]));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The schedule's name" };

    private static void ShowOne(Out output, ScheduleDetail detail)
    {
        if (output.IsJson)
        {
            Out.Json(detail);
            return;
        }
        Show(output, [detail.Schedule]);
        output.Table("Next", detail.Schedule.Next, ("due", next => next));
        output.Table("Firings", detail.Firings, ("for", f => f.ScheduledFor), ("at", f => f.At), ("fired", f => f.Fired), ("reason", f => f.Reason), ("cycle", f => f.Cycle));
        Timeline.Show(output, detail.Timeline);
    }

    public static void Show(Out output, IReadOnlyList<ScheduleView> schedules) => output.Table("Schedules", schedules,
        ("schedule", s => s.Name), ("line", s => s.Line), ("cron", s => s.Cron), ("time zone", s => s.TimeZone), ("overlap", s => s.Overlap), ("catch up", s => s.CatchUp),
        ("jitter", s => TimeSpan.FromSeconds(s.JitterSeconds)), ("paused by", s => s.PausedBy), ("from", s => s.Origin), ("last fired", s => s.LastFired),
        ("next", s => s.Next.Count > 0 ? s.Next[0] : null));
}
