using System.Globalization;
using Cronos;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>A schedule's times, and when each is due: the time and its jitter. All in UTC.</summary>
internal sealed class Timetable(string name, string cron, string zone, TimeSpan jitter)
{
    private const string Five = "Give minute, hour, day, month and weekday, e.g. '30 2 * * 1-5'.";

    private readonly CronExpression _cron = Parse(cron);
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(zone);

    public static Timetable Of(ScheduleRow row) => new(row.Name, row.Cron, row.TimeZone, TimeSpan.FromSeconds(row.JitterSeconds));

    /// <summary>The first time after this one; null where there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _cron.GetNextOccurrence(after, _zone)?.ToUniversalTime();

    public IEnumerable<DateTimeOffset> After(DateTimeOffset time)
    {
        while (Next(time) is { } next)
            yield return time = next;
    }

    /// <summary>The last time whose due time is certainly over; null where there is none.</summary>
    public DateTimeOffset? LastCertainlyDue(DateTimeOffset now) => _cron.GetPreviousOccurrence(now - jitter, _zone, inclusive: true)?.ToUniversalTime();

    public DateTimeOffset Due(DateTimeOffset time)
    {
        if (jitter == TimeSpan.Zero)
            return time;
        var share = Convert.ToUInt32(ContentHash.OfText($"{name}/{Key(time)}")[..8], 16) / (double)uint.MaxValue;
        return time + TimeSpan.FromMilliseconds(Math.Round(jitter.TotalMilliseconds * share));
    }

    /// <summary>A firing's key.</summary>
    public static string Key(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>What is wrong with them; null where nothing is.</summary>
    public static string? Error(string cron, string zone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return $"TimeZone is '{zone}': give an IANA name that this machine knows, e.g. UTC or Europe/Berlin.";
        if (cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: 6 } or ["@every_second"])
            return $"Cron is '{cron}': seconds are not possible, as a schedule fires once a minute at most. {Five}";
        try
        {
            // From a fixed time: whether it ever comes does not depend on today.
            return Parse(cron).GetNextOccurrence(DateTimeOffset.UnixEpoch, found) is null ? $"Cron is '{cron}': that time never comes." : null;
        }
        catch (CronFormatException e)
        {
            return $"Cron is '{cron}': {e.Message.TrimEnd('.')}. {Five}";
        }
    }

    private static CronExpression Parse(string cron) => CronExpression.Parse(cron, CronFormat.Standard);
}
