namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>A data element (PS3.5 section 7.1).</summary>
/// <param name="Vr">Value representation, two letters (PS3.5 section 6.2); "UN" where nothing tells it.</param>
/// <param name="Offset">Of the value, in bytes from the begin of the file (of the inflated part, where it is deflated).</param>
/// <param name="Value">Raw bytes in the file's byte order; empty for sequences and fragments.</param>
internal sealed record DicomElement(DicomTag Tag, string Vr, long Offset, ReadOnlyMemory<byte> Value)
{
    /// <summary>Items of a sequence; null for other elements.</summary>
    public IReadOnlyList<DicomDataset>? Items { get; init; }

    /// <summary>Of encapsulated pixel data, in file order; the first is the offset table (PS3.5 annex A.4). Null for other elements.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Fragments { get; init; }

    /// <summary>Bytes that the element declares; of pixel data that were left out when a header was read, too.</summary>
    public long Length { get; init; } = Value.Length;
}
