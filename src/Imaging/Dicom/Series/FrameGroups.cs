using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom.Series;

/// <summary>Where an attribute of a frame stands: in its own functional groups, else in the shared ones, else in the file's data set (PS3.3 section C.7.6.16).</summary>
internal sealed class FrameGroups(DicomDataset data, DicomDataset? own, DicomDataset? shared)
{
    /// <summary>The data set that holds the attribute; null where none does.</summary>
    public DicomDataset? Find(DicomTag group, DicomTag attribute) =>
        Of(own, group, attribute) ?? Of(shared, group, attribute) ?? Of(data, group, attribute) ?? (data.Has(attribute) ? data : null);

    /// <exception cref="InvalidImageException">There are not so many.</exception>
    public double[] Numbers(DicomTag group, DicomTag attribute, int count)
    {
        var values = Find(group, attribute)?.Numbers(attribute) ?? [];
        return values.Length >= count ? values : throw data.Fault(attribute, $"is missing or has fewer than {count} numbers");
    }

    private static DicomDataset? Of(DicomDataset? groups, DicomTag group, DicomTag attribute) => groups?.Item(group) is { } item && item.Has(attribute) ? item : null;
}
