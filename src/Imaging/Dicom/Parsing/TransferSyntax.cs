namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>How the elements and the pixels of a data set are encoded (PS3.5 section 10 and annex A; UIDs in PS3.6 annex A).</summary>
/// <param name="Name">For people.</param>
/// <param name="Encapsulated">Pixels lie in fragments, compressed (PS3.5 annex A.4).</param>
public sealed record TransferSyntax(string Uid, string Name, bool Explicit = true, bool BigEndian = false, bool Deflated = false, bool Encapsulated = false)
{
    public static readonly TransferSyntax
        ImplicitLittle = new("1.2.840.10008.1.2", "Implicit VR Little Endian", Explicit: false),
        ExplicitLittle = new("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
        ExplicitBig = new("1.2.840.10008.1.2.2", "Explicit VR Big Endian", BigEndian: true),
        DeflatedLittle = new("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", Deflated: true),
        Rle = Compressed("1.2.840.10008.1.2.5", "RLE Lossless"),
        JpegBaseline = Compressed("1.2.840.10008.1.2.4.50", "JPEG Baseline (process 1)"),
        JpegExtended = Compressed("1.2.840.10008.1.2.4.51", "JPEG Extended (process 2 and 4)"),
        JpegLossless = Compressed("1.2.840.10008.1.2.4.57", "JPEG Lossless (process 14)"),
        JpegLosslessFirst = Compressed("1.2.840.10008.1.2.4.70", "JPEG Lossless (process 14, selection value 1)"),
        JpegLsLossless = Compressed("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless"),
        JpegLsNear = Compressed("1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless"),
        Jpeg2000Lossless = Compressed("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless"),
        Jpeg2000 = Compressed("1.2.840.10008.1.2.4.91", "JPEG 2000");

    private static readonly Dictionary<string, TransferSyntax> Known = new[]
    {
        ImplicitLittle, ExplicitLittle, ExplicitBig, DeflatedLittle, Rle, JpegBaseline, JpegExtended, JpegLossless, JpegLosslessFirst, JpegLsLossless, JpegLsNear, Jpeg2000Lossless, Jpeg2000,
        Compressed("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level"), Compressed("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264"),
        Compressed("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"), Compressed("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless"),
        Compressed("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"),
    }.ToDictionary(syntax => syntax.Uid);

    /// <summary>Any other is taken for explicit little endian with compressed pixels, as all that were added since 1993 are.</summary>
    public static TransferSyntax Of(string uid) => Known.GetValueOrDefault(uid) ?? Compressed(uid, "unknown");

    public override string ToString() => $"{Name} ({Uid})";

    private static TransferSyntax Compressed(string uid, string name) => new(uid, name, Encapsulated: true);
}
