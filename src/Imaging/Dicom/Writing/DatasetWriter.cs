using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom.Writing;

/// <summary>Elements to be written in explicit VR little endian, in the order of their tags, with defined lengths (PS3.5 section 7.1). Texts are UTF-8.</summary>
internal sealed class DatasetWriter
{
    private static readonly HashSet<string> LongVrs = ["OB", "OW", "SQ", "UN", "UT"];

    private readonly SortedDictionary<uint, (string Vr, byte[] Value)> _elements = [];

    /// <summary>Several values are joined by '\'.</summary>
    public DatasetWriter Text(DicomTag tag, params string[] values) => Raw(tag, Tags.VrOf(tag), Encoding.UTF8.GetBytes(string.Join('\\', values)));

    /// <summary>Decimal strings have at most 16 characters (PS3.5 section 6.2): the closest number that fits.</summary>
    public DatasetWriter Decimals(DicomTag tag, params double[] values) => Text(tag, [.. values.Select(Decimal)]);

    public DatasetWriter Words(DicomTag tag, params int[] values)
    {
        var wide = Tags.VrOf(tag) == "UL";
        var bytes = new byte[values.Length * (wide ? 4 : 2)];
        for (var i = 0; i < values.Length; i++)
            if (wide)
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
            else
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)values[i]);
        return Raw(tag, Tags.VrOf(tag), bytes);
    }

    /// <summary>An attribute tag as a value (VR AT).</summary>
    public DatasetWriter Pointer(DicomTag tag, DicomTag to) => Words(tag, to.Group, to.Element);

    public DatasetWriter Items(DicomTag tag, params IEnumerable<DatasetWriter> items)
    {
        var bytes = new MemoryStream();
        foreach (var item in items)
        {
            var content = item.Bytes();
            Span<byte> header = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0];
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], content.Length);
            bytes.Write(header);
            bytes.Write(content);
        }
        return Raw(tag, "SQ", bytes.ToArray());
    }

    public DatasetWriter Raw(DicomTag tag, string vr, byte[] value)
    {
        _elements[tag.Key] = (vr, value);
        return this;
    }

    /// <summary>As another file has it, decoded by its character set; empty where it has none and the element must be there.</summary>
    public DatasetWriter Copy(DicomDataset from, DicomTag tag, bool required)
    {
        if (required || from.Has(tag))
            Text(tag, from.Text(tag));
        return this;
    }

    public byte[] Bytes()
    {
        var to = new MemoryStream();
        Span<byte> header = stackalloc byte[12];
        foreach (var (key, (vr, value)) in _elements)
        {
            var length = value.Length + value.Length % 2;
            BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(key >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)key);
            (header[4], header[5]) = ((byte)vr[0], (byte)vr[1]);
            if (LongVrs.Contains(vr))
            {
                BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 0);
                BinaryPrimitives.WriteInt32LittleEndian(header[8..], length);
            }
            else if (length > ushort.MaxValue)
                throw new ArgumentException($"{DicomTag.Of(key)} has {length} bytes, more than its VR {vr} can hold.");
            else
                BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)length);
            to.Write(LongVrs.Contains(vr) ? header : header[..8]);
            to.Write(value);
            if (value.Length % 2 == 1)
                to.WriteByte(vr is "UI" or "OB" ? (byte)0 : (byte)' ');
        }
        return to.ToArray();
    }

    /// <summary>With preamble and meta information (PS3.10 section 7.1).</summary>
    public byte[] File(string sopClass, string sopInstance)
    {
        var meta = new DatasetWriter().Raw(DicomTag.Of(0x00020001), "OB", [0, 1]).Text(Tags.MediaStorageSOPClassUID, sopClass).Text(Tags.MediaStorageSOPInstanceUID, sopInstance)
            .Text(Tags.TransferSyntaxUID, TransferSyntax.ExplicitLittle.Uid).Text(Tags.ImplementationClassUID, DicomUid.Implementation).Text(Tags.ImplementationVersionName, "VERSEMI_1").Bytes();
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, meta.Length);
        return [.. new byte[128], .. "DICM"u8, .. new DatasetWriter().Raw(DicomTag.Of(0x00020000), "UL", length).Bytes(), .. meta, .. Bytes()];
    }

    private static string Decimal(double value)
    {
        for (var digits = 15; digits > 1; digits--)
            if (value.ToString($"G{digits}", CultureInfo.InvariantCulture) is { Length: <= 16 } text)
                return text;
        return "0";
    }
}
