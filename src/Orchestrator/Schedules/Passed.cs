using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>The times of a schedule that are due by now, at least one: all but the last can only be recorded.</summary>
internal sealed record Passed(DateTimeOffset First, DateTimeOffset Last, int Count)
{
    /// <summary>More are not counted one by one: a schedule of every second, and a machine that was off for a month.</summary>
    private const int Most = 1000;

    public static Passed Of(ScheduleRow row, Timetable table, DateTimeOffset now)
    {
        var first = row.NextTime!.Value;
        var later = table.After(first).TakeWhile(time => table.Due(time) <= now).Take(Most).ToList();
        var last = later.LastOrDefault(first);
        if (later.Count == Most && table.LastCertainlyDue(now) is { } end && end > last)
            last = end;
        return new Passed(first, last, later.Count + 1);
    }

    /// <summary>The times before the last.</summary>
    public string Earlier => Count == 2
        ? $"{First.UtcDateTime:u} passed"
        : $"{(Count > Most ? $"{Most} times or more" : $"{Count - 1} times")} from {First.UtcDateTime:u} on passed";
}
