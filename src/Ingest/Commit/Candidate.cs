using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Cases;

namespace VerSemi.Ingest.Commit;

/// <summary>A case that may be in the dataset's next version: one that was there, or one of the drop.</summary>
/// <param name="New">The id was not in the last version.</param>
/// <param name="FromDrop">The drop holds it, perhaps again.</param>
/// <param name="Sealed">The drop has its label in labelsTs.</param>
internal sealed record Candidate(
    string Id, string Patient, string Image, string? Label, IReadOnlyList<int> Size, IReadOnlyList<double> Spacing, ImageIntensities? Intensities, bool New, bool FromDrop, bool Sealed)
{
    /// <summary>See <see cref="CaseEntry.Scan"/>.</summary>
    public string? Scan { get; init; }

    public static Candidate Of(CaseEntry entry) =>
        new(entry.Id, entry.Patient, entry.Image, entry.Label, entry.Size, entry.Spacing, entry.Intensities, New: false, FromDrop: false, Sealed: false) { Scan = entry.Scan };

    public static Candidate Of(CanonicalCase found, bool isNew) =>
        new(found.Planned.Id, found.Planned.Patient, found.Image, found.Label, found.Size, found.Spacing, found.Intensities, isNew, FromDrop: true, found.Planned.Sealed) { Scan = found.Scan };

    public CaseEntry ToEntry(Split? split) => new(Id, Patient, split, Image, Label, Size, Spacing, Intensities) { Scan = Scan };
}
