namespace VerSemi.Imaging.Dicom.Writing;

/// <summary>A SNOMED CT code with its meaning.</summary>
public sealed record DicomCode(string Value, string Meaning);

/// <summary>What a segment shows (PS3.3 section C.8.20.4): category, type, and the side where the name says one.</summary>
public sealed record SegmentCode(DicomCode Category, DicomCode Type, DicomCode? Modifier);

/// <summary>Codes of common structures by their English names; others are coded as tissue, with their own name as label.</summary>
public static class SegmentCodes
{
    private static readonly DicomCode
        Anatomical = new("123037004", "Anatomical Structure"), Altered = new("49755003", "Morphologically Abnormal Structure"), Tissue = new("85756007", "Tissue"),
        Left = new("7771000", "Left"), Right = new("24028007", "Right");

    private static readonly Dictionary<string, DicomCode> Structures = new[]
    {
        new DicomCode("10200004", "Liver"), new("78961009", "Spleen"), new("15776009", "Pancreas"), new("64033007", "Kidney"), new("39607008", "Lung"), new("80891009", "Heart"),
        new("15825003", "Aorta"), new("28231008", "Gallbladder"), new("69695003", "Stomach"), new("41216001", "Prostate"), new("89837001", "Bladder"), new("12738006", "Brain"),
        new("5366008", "Hippocampus"), new("32849002", "Esophagus"), new("38848004", "Duodenum"), new("71854001", "Colon"), new("23451007", "Adrenal gland"),
        new("69748006", "Thyroid gland"), new("2748008", "Spinal cord"),
    }.ToDictionary(code => code.Meaning.ToLowerInvariant());

    private static readonly DicomCode Neoplasm = new("108369006", "Neoplasm");

    public static SegmentCode Of(string name)
    {
        var words = name.ToLowerInvariant().Split([' ', '_', '-', '.', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        var side = words.Contains("left") ? Left : words.Contains("right") ? Right : null;
        if (words.Any(word => word is "tumor" or "tumour" or "cancer" or "lesion" or "metastasis"))
            return new SegmentCode(Altered, Neoplasm, side);
        var rest = string.Join(' ', words.Where(word => word is not ("left" or "right")));
        return new SegmentCode(Anatomical, Structures.GetValueOrDefault(rest) ?? Structures.GetValueOrDefault(rest.TrimEnd('s')) ?? Tissue, side);
    }
}
