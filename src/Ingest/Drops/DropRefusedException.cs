using VerSemi.Domain;

namespace VerSemi.Ingest.Drops;

/// <summary>The drop as a whole cannot be taken. Carries every reason that was found, not only the first.</summary>
internal sealed class DropRefusedException(IReadOnlyCollection<string> reasons) : DomainException(Words(reasons))
{
    /// <summary>More would be read by nobody.</summary>
    private const int Most = 100;

    public DropRefusedException(string reason) : this([reason]) { }

    private static string Words(IReadOnlyCollection<string> reasons) =>
        string.Join("\n", reasons.Count <= Most ? reasons : [.. reasons.Take(Most), $"{reasons.Count - Most} more faults of these kinds."]);
}
