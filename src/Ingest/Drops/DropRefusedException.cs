using VerSemi.Domain;

namespace VerSemi.Ingest.Drops;

/// <summary>The drop as a whole cannot be taken. Carries every reason that was found, not only the first.</summary>
internal sealed class DropRefusedException(IReadOnlyCollection<string> reasons) : DomainException(string.Join("\n", reasons))
{
    public DropRefusedException(string reason) : this([reason]) { }
}
