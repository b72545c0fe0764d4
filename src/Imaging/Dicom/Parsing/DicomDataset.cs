using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>Elements by tag, of a file or of a sequence's item. Values are decoded when they are asked for.</summary>
internal sealed class DicomDataset(string file, bool bigEndian)
{
    private readonly Dictionary<DicomTag, DicomElement> _elements = [];

    /// <summary>As messages call the file.</summary>
    public string File => file;
    public bool BigEndian => bigEndian;
    public CharacterSet Characters { get; set; } = CharacterSet.Ascii;
    public IEnumerable<DicomElement> Elements => _elements.Values;

    /// <summary>Of an element that stands twice, the first counts.</summary>
    public void Add(DicomElement element) => _elements.TryAdd(element.Tag, element);

    public DicomElement? Find(DicomTag tag) => _elements.GetValueOrDefault(tag);

    public bool Has(DicomTag tag) => Find(tag) is { Length: > 0 } or { Items.Count: > 0 };

    /// <summary>Empty where there is none.</summary>
    public IReadOnlyList<DicomDataset> Items(DicomTag tag) => Find(tag)?.Items ?? [];

    /// <summary>The sequence's only or first item; null where there is none.</summary>
    public DicomDataset? Item(DicomTag tag) => Items(tag) is [var first, ..] ? first : null;

    /// <summary>Without padding; empty where there is none.</summary>
    public string Text(DicomTag tag) => Find(tag) is { } element ? Characters.Decode(element.Value.Span, element.Vr).Trim(' ', '\0') : "";

    /// <summary>Values that '\' separates; empty where there is none.</summary>
    public string[] Texts(DicomTag tag) => Text(tag) is { Length: > 0 } text ? [.. text.Split('\\').Select(value => value.Trim(' ', '\0'))] : [];

    /// <summary>All values of a numeric element (PS3.5 section 6.2), binary or text; empty where there is none.</summary>
    /// <exception cref="InvalidImageException">A value is no number.</exception>
    public double[] Numbers(DicomTag tag)
    {
        if (Find(tag) is not { Value.Length: > 0 } element)
            return [];
        var vr = element.Vr == "UN" ? Tags.VrOf(tag) : element.Vr;
        return vr is "DS" or "IS" ? [.. Encoding.ASCII.GetString(element.Value.Span).Trim(' ', '\0').Split('\\').Where(text => text.Trim().Length > 0).Select(text => Parse(text, element))] : Binary(element, vr);
    }

    public double? Number(DicomTag tag) => Numbers(tag) is [var first, ..] ? first : null;

    /// <exception cref="InvalidImageException">The value is not a whole number that fits.</exception>
    public int? Whole(DicomTag tag) => Number(tag) is not { } value ? null
        : value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue ? (int)value : throw Fault(tag, Invariant($"holds {value}; a whole number is expected"));

    /// <exception cref="InvalidImageException">It is missing or no number.</exception>
    public int RequiredWhole(DicomTag tag) => Whole(tag) ?? throw Fault(tag, "is missing");

    public InvalidImageException Fault(DicomTag tag, string what) =>
        new(file, Find(tag) is { } element ? $"element {tag} at byte {element.Offset} {what}. Export the file again from its source." : $"element {tag} {what}. Export the file again from its source.");

    private double Parse(string text, DicomElement element) =>
        double.TryParse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : throw Fault(element.Tag, "holds a text that is no number");

    private double[] Binary(DicomElement element, string vr)
    {
        var width = vr switch { "FD" or "SV" or "UV" => 8, "UL" or "SL" or "FL" => 4, _ => 2 };
        var values = new double[element.Value.Length / width];
        for (var i = 0; i < values.Length; i++)
            values[i] = One(element.Value.Span.Slice(i * width, width), vr);
        return Array.TrueForAll(values, double.IsFinite) ? values : throw Fault(element.Tag, "holds a number that is not finite");
    }

    private double One(ReadOnlySpan<byte> raw, string vr)
    {
        Span<byte> bytes = stackalloc byte[raw.Length];
        raw.CopyTo(bytes);
        if (bigEndian)
            bytes.Reverse();
        return vr switch
        {
            "FD" => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            "FL" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            "SL" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            "UL" => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            "SV" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            "UV" => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            "SS" => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
