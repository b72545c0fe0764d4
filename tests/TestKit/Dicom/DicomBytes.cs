using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace VerSemi.TestKit.Dicom;

/// <summary>How a test writes its file.</summary>
public enum DicomEncoding { ExplicitLittle, ImplicitLittle, ExplicitBig, Deflated, Rle, JpegLossless }

/// <summary>
/// Writes DICOM files, independently of the reader that it tests: elements by tag in any encoding, with defined or undefined lengths,
/// with or without preamble and meta information.
/// </summary>
public sealed class DicomBytes
{
    private static readonly string[] LongVrs = ["OB", "OW", "OF", "SQ", "UN", "UT"];

    private readonly SortedDictionary<uint, (string Vr, object Value)> _elements = [];

    /// <summary>Sequences and items end by delimiters.</summary>
    public bool UndefinedLengths { get; set; }

    /// <param name="value">Text, numbers of the VR, bytes, items, or (for pixel data) fragments.</param>
    public DicomBytes Set(uint tag, string vr, object value)
    {
        _elements[tag] = (vr, value);
        return this;
    }

    public DicomBytes Text(uint tag, string vr, params object[] values) =>
        Set(tag, vr, string.Join('\\', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))));

    public DicomBytes Items(uint tag, params DicomBytes[] items) => Set(tag, "SQ", items);

    public DicomBytes Remove(uint tag)
    {
        _elements.Remove(tag);
        return this;
    }

    /// <summary>A file as PS3.10 has it.</summary>
    public byte[] File(DicomEncoding encoding, bool preamble = true, bool meta = true)
    {
        var data = Data(encoding);
        if (!meta)
            return preamble ? [.. new byte[128], .. "DICM"u8, .. data] : data;
        var head = new DicomBytes().Set(0x00020001, "OB", new byte[] { 0, 1 }).Text(0x00020002, "UI", _elements.TryGetValue(0x00080016, out var sop) ? sop.Value : "1.2.3")
            .Text(0x00020003, "UI", _elements.TryGetValue(0x00080018, out var uid) ? uid.Value : "1.2.3").Text(0x00020010, "UI", UidOf(encoding)).Text(0x00020012, "UI", "1.2.826.0.1.3680043.9.9");
        var body = head.Data(DicomEncoding.ExplicitLittle);
        var group = new DicomBytes().Set(0x00020000, "UL", new uint[] { (uint)body.Length }).Data(DicomEncoding.ExplicitLittle);
        return [.. preamble ? new byte[128] : [], .. preamble ? "DICM"u8 : [], .. group, .. body, .. data];
    }

    public static string UidOf(DicomEncoding encoding) => encoding switch
    {
        DicomEncoding.ImplicitLittle => "1.2.840.10008.1.2",
        DicomEncoding.ExplicitBig => "1.2.840.10008.1.2.2",
        DicomEncoding.Deflated => "1.2.840.10008.1.2.1.99",
        DicomEncoding.Rle => "1.2.840.10008.1.2.5",
        DicomEncoding.JpegLossless => "1.2.840.10008.1.2.4.70",
        _ => "1.2.840.10008.1.2.1",
    };

    private byte[] Data(DicomEncoding encoding)
    {
        var stream = new MemoryStream();
        Write(stream, encoding == DicomEncoding.ImplicitLittle, encoding == DicomEncoding.ExplicitBig);
        if (encoding != DicomEncoding.Deflated)
            return stream.ToArray();
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(stream.ToArray());
        return packed.ToArray();
    }

    private void Write(MemoryStream to, bool isImplicit, bool big)
    {
        foreach (var (tag, (vr, value)) in _elements)
        {
            var undefined = value is List<byte[]> || (value is DicomBytes[] && UndefinedLengths);
            var body = Body(vr, value, isImplicit, big);
            Tag(to, tag, big);
            if (!isImplicit)
                to.Write(Encoding.ASCII.GetBytes(vr));
            if (!isImplicit && !LongVrs.Contains(vr))
                U16(to, (ushort)body.Length, big);
            else
            {
                if (!isImplicit)
                    U16(to, 0, big);
                U32(to, undefined ? uint.MaxValue : (uint)body.Length, big);
            }
            to.Write(body);
        }
    }

    private byte[] Body(string vr, object value, bool isImplicit, bool big)
    {
        var to = new MemoryStream();
        switch (value)
        {
            case string text: to.Write(Encoding.Latin1.GetBytes(text)); break;
            case byte[] bytes: to.Write(bytes); break;
            case ushort[] numbers: foreach (var number in numbers) U16(to, number, big); break;
            case uint[] numbers: foreach (var number in numbers) U32(to, number, big); break;
            case double[] numbers: foreach (var number in numbers) F64(to, number, big); break;
            case List<byte[]> fragments: Fragments(to, fragments); break;
            case DicomBytes[] items: Items(to, items, isImplicit, big); break;
            default: throw new ArgumentException($"{value.GetType()} is no value.");
        }
        if (to.Length % 2 == 1)
            to.WriteByte(vr is "UI" or "OB" or "UN" ? (byte)0 : (byte)' ');
        return to.ToArray();
    }

    private static void Fragments(MemoryStream to, List<byte[]> fragments)
    {
        foreach (var fragment in fragments.Prepend([]))
        {
            Tag(to, 0xFFFEE000, false);
            U32(to, (uint)(fragment.Length + fragment.Length % 2), false);
            to.Write(fragment);
            if (fragment.Length % 2 == 1)
                to.WriteByte(0);
        }
        Tag(to, 0xFFFEE0DD, false);
        U32(to, 0, false);
    }

    private void Items(MemoryStream to, DicomBytes[] items, bool isImplicit, bool big)
    {
        foreach (var item in items)
        {
            var body = new MemoryStream();
            item.UndefinedLengths = UndefinedLengths;
            item.Write(body, isImplicit, big);
            Tag(to, 0xFFFEE000, big);
            U32(to, UndefinedLengths ? uint.MaxValue : (uint)body.Length, big);
            to.Write(body.ToArray());
            End(to, 0xFFFEE00D, big);
        }
        End(to, 0xFFFEE0DD, big);
    }

    private void End(MemoryStream to, uint tag, bool big)
    {
        if (!UndefinedLengths)
            return;
        Tag(to, tag, big);
        U32(to, 0, big);
    }

    private static void Tag(MemoryStream to, uint tag, bool big)
    {
        U16(to, (ushort)(tag >> 16), big);
        U16(to, (ushort)tag, big);
    }

    private static void U16(MemoryStream to, ushort value, bool big) => to.Write(BitConverter.GetBytes(big ? BinaryPrimitives.ReverseEndianness(value) : value));

    private static void U32(MemoryStream to, uint value, bool big) => to.Write(BitConverter.GetBytes(big ? BinaryPrimitives.ReverseEndianness(value) : value));

    private static void F64(MemoryStream to, double value, bool big)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (big)
            BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        to.Write(bytes);
    }
}
