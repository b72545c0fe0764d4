using VerSemi.Domain;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>A cron schedule of a line: Orchestrator:Schedules:NAME.</summary>
public sealed class ScheduleOptions
{
    public string Line { get; set; } = "main";

    /// <summary>Five fields (minute, hour, day, month, weekday).</summary>
    public string Cron { get; set; } = "";

    /// <summary>IANA name. A time that a clock change skips fires at the change; one that comes twice fires once.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>While the line has an active cycle: "skip" the time, or "queue" one firing behind the cycle.</summary>
    public string Overlap { get; set; } = Domain.Triggers.Overlap.Skip;

    /// <summary>Of the times that passed while nobody looked: "none" fires, or "one", the last.</summary>
    public string CatchUp { get; set; } = Domain.Triggers.CatchUp.None;

    /// <summary>A firing is put off by up to this much, 0 to 24 hours: always the same for a name and a time.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>All faults at once, each naming its setting.</summary>
    internal IEnumerable<string> Errors(string name, IEnumerable<string> lines)
    {
        if (!Slug.Is(name) || name == DataTrigger.Name)
            yield return $"the name '{name}' is not possible: lower case letters, digits and '-', and not '{DataTrigger.Name}'.";
        if (!lines.Contains(Line))
            yield return $"Line is '{Line}': there is {string.Join(", ", lines)}.";
        if (Timetable.Error(Cron, TimeZone) is { } error)
            yield return error;
        if (Overlap is not (Domain.Triggers.Overlap.Skip or Domain.Triggers.Overlap.Queue))
            yield return $"Overlap is '{Overlap}': 'skip' or 'queue' is possible.";
        if (CatchUp is not (Domain.Triggers.CatchUp.None or Domain.Triggers.CatchUp.One))
            yield return $"CatchUp is '{CatchUp}': 'none' or 'one' is possible.";
        if (Jitter < TimeSpan.Zero || Jitter > TimeSpan.FromHours(24))
            yield return $"Jitter is {Jitter}: 00:00:00 to 1.00:00:00 is possible.";
    }
}
