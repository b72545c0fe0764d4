using System.Globalization;

namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>Group and element number of a data element (PS3.5 section 7.1).</summary>
public readonly record struct DicomTag(ushort Group, ushort Element)
{
    public static readonly DicomTag Item = new(0xFFFE, 0xE000), ItemEnd = new(0xFFFE, 0xE00D), SequenceEnd = new(0xFFFE, 0xE0DD);

    public uint Key => ((uint)Group << 16) | Element;

    /// <summary>Group, element as 8 hexadecimal digits: 0x00280010 is Rows.</summary>
    public static DicomTag Of(uint key) => new((ushort)(key >> 16), (ushort)key);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Group:X4},{Element:X4})");
}
