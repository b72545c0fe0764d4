using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi schedules add NAME CRON`.</summary>
internal static class SchedulesAddCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Lower case letters, digits and '-'" };
        var cron = new Argument<string>("CRON") { Description = "Minute, hour, day, month and weekday, e.g. '30 2 * * 1-5'" };
        var line = new Option<string>("--line") { Description = "The model line", DefaultValueFactory = _ => "main" };
        var zone = new Option<string>("--time-zone") { Description = "IANA name", DefaultValueFactory = _ => "UTC" };
        var overlap = new Option<string>("--overlap") { Description = "While a cycle is active: skip, or queue one behind it", DefaultValueFactory = _ => "skip" };
        var catchUp = new Option<string>("--catch-up") { Description = "Of times that passed while nothing ran: none, or one", DefaultValueFactory = _ => "none" };
        var jitter = new Option<TimeSpan>("--jitter") { Description = "Put off by up to this, e.g. 00:10:00" };
        var why = Ask.Why();
        var command = new Command("add", "Start a cycle by the clock") { name, cron, line, zone, overlap, catchUp, jitter, why };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            var wanted = new NewSchedule(
                parsed.GetValue(name)!, parsed.GetValue(cron)!, Ask.Who, parsed.GetValue(why), parsed.GetValue(line)!, parsed.GetValue(zone)!,
                parsed.GetValue(overlap)!, parsed.GetValue(catchUp)!, parsed.GetValue(jitter).TotalSeconds);
            SchedulesCommand.Show(output, [await api.PostAsync<ScheduleView>(Routes.Schedules, wanted, cancellation)]);
        });
        return command;
    }
}
