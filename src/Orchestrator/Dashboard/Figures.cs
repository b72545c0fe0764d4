using System.Globalization;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    public static string Dice(double? dice) => dice is { } known && double.IsFinite(known) ? known.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    public static string Signed(double? difference) => difference is { } known && double.IsFinite(known) ? known.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture) : "–";

    public static string Bytes(long? bytes) => bytes is not { } size ? "–" : size switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{size / 1024.0:0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{size / (1024.0 * 1024):0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{size / (1024.0 * 1024 * 1024):0.0} GiB"),
    };

    public static string Duration(double seconds) => TimeSpan.FromSeconds(Math.Max(0, seconds)) switch
    {
        { TotalSeconds: < 90 } time => $"{time.TotalSeconds:0} s",
        { TotalMinutes: < 90 } time => $"{time.TotalMinutes:0} min",
        var time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
    };
}
