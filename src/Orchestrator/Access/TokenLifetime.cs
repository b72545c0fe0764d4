using System.Globalization;
using System.Text.RegularExpressions;
using VerSemi.Domain;

namespace VerSemi.Orchestrator.Access;

/// <summary>How long a static token holds, as a person gives it: 90d, 12h. One without an end must be asked for.</summary>
public static partial class TokenLifetime
{
    public const string Expires = "--expires";
    public const string NoExpiry = "--no-expiry";

    private static readonly Dictionary<string, TimeSpan> Units = new()
    {
        ["m"] = TimeSpan.FromMinutes(1),
        ["h"] = TimeSpan.FromHours(1),
        ["d"] = TimeSpan.FromDays(1),
        ["w"] = TimeSpan.FromDays(7),
    };
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <param name="text">A number of minutes (m), hours (h), days (d) or weeks (w); null: not given.</param>
    /// <param name="noExpiry">It holds until it is revoked.</param>
    /// <returns>Null: no end.</returns>
    /// <exception cref="DomainException">Neither or both are given, or the text is no duration.</exception>
    public static TimeSpan? Parse(string? text, bool noExpiry) => (text, noExpiry) switch
    {
        (null, true) => null,
        (null, false) => throw new DomainException($"Say how long the token holds: {Expires} DURATION, e.g. {Expires} 90d, or {NoExpiry} for one that holds until it is revoked."),
        (_, true) => throw new DomainException($"{Expires} {text} and {NoExpiry} exclude each other: give one of them."),
        _ => Parse(text) is { } lifetime
            ? lifetime
            : throw new DomainException($"{Expires} {text}: give a number with m (minutes), h (hours), d (days) or w (weeks), e.g. 90d; at most {Longest.TotalDays:0}d."),
    };

    private static TimeSpan? Parse(string text)
    {
        if (Duration().Match(text) is not { Success: true } match)
            return null;
        var (count, unit) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), Units[match.Groups[2].Value]);
        // Compared before it is multiplied: the product may be longer than a TimeSpan can be.
        return count > 0 && count <= Longest / unit ? count * unit : null;
    }

    [GeneratedRegex(@"^([0-9]{1,7})([mhdw])\z")]
    private static partial Regex Duration();
}
