using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>Every change counts the row's version up: of two at once one is refused.</summary>
internal static class ScheduleRowChanges
{
    /// <summary>To the first time after this one.</summary>
    public static void MoveOn(this ScheduleRow row, Timetable table, DateTimeOffset after)
    {
        row.Version++;
        row.NextTime = table.Next(after);
        row.NextDue = row.NextTime is { } next ? table.Due(next) : null;
    }

    /// <summary>As the settings or a person want it; what it has fired and whether it is paused stays. Another timetable begins now.</summary>
    public static void Become(this ScheduleRow row, ScheduleOptions wanted, DateTimeOffset now)
    {
        var moved = (row.Cron, row.TimeZone, row.JitterSeconds) != (wanted.Cron, wanted.TimeZone, wanted.Jitter.TotalSeconds);
        (row.Line, row.Cron, row.TimeZone) = (wanted.Line, wanted.Cron, wanted.TimeZone);
        (row.Overlap, row.CatchUp, row.JitterSeconds) = (wanted.Overlap, wanted.CatchUp, wanted.Jitter.TotalSeconds);
        if (moved)
            row.MoveOn(Timetable.Of(row), now);
        else
            row.Version++;
    }

    public static bool Is(this ScheduleRow row, ScheduleOptions wanted) =>
        (row.Line, row.Cron, row.TimeZone, row.Overlap, row.CatchUp, row.JitterSeconds)
        == (wanted.Line, wanted.Cron, wanted.TimeZone, wanted.Overlap, wanted.CatchUp, wanted.Jitter.TotalSeconds);

    public static string Words(this ScheduleRow row) =>
        $"'{row.Cron}' {row.TimeZone}, line {row.Line}, overlap {row.Overlap}, catch up {row.CatchUp}{(row.JitterSeconds > 0 ? $", jitter {row.JitterSeconds:0.#} s" : "")}";
}
