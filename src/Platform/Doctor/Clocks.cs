namespace VerSemi.Platform.Doctor;

public static class Clocks
{
    /// <summary>Times of others are compared with those of this machine: whether a drop still moves, how old something is.</summary>
    private static readonly TimeSpan MostDifference = TimeSpan.FromSeconds(10);

    /// <param name="ahead">By how much the other clock is ahead of this machine's.</param>
    public static Finding Compare(string name, TimeSpan ahead) => ahead.Duration() < MostDifference
        ? new Finding(name, FormattableString.Invariant($"differs by {ahead.TotalSeconds:0.0} s"))
        : new Finding(name, FormattableString.Invariant($"differs by {ahead.TotalSeconds:0.0} s from this machine's"), $"Let both take their time from NTP (chronyc tracking); less than {MostDifference.TotalSeconds:0} s is needed.");
}
