using System.Buffers.Binary;

namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>Tag, VR and length of an element (PS3.5 sections 7.1.2 and 7.1.3).</summary>
/// <param name="Size">Bytes of this header.</param>
/// <param name="Length"><see cref="Undefined"/> where a delimiter ends the value.</param>
internal readonly record struct ElementHeader(DicomTag Tag, string Vr, uint Length, int Size)
{
    public const uint Undefined = uint.MaxValue;

    /// <summary>The VRs of PS3.5 section 6.2 with a 16-bit length.</summary>
    private static readonly HashSet<string> Short = ["AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"];

    /// <summary>Those with two reserved bytes and a 32-bit length.</summary>
    private static readonly HashSet<string> Long = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];

    public bool IsUndefined => Length == Undefined;

    /// <summary>Null where fewer bytes are left than a header has.</summary>
    /// <param name="explicitVr">Elements that begin otherwise than with two letters are read as implicit ones, which some programs mix in.</param>
    public static ElementHeader? Read(ReadOnlySpan<byte> bytes, bool explicitVr, bool bigEndian)
    {
        if (bytes.Length < 8)
            return null;
        var tag = new DicomTag(U16(bytes, bigEndian), U16(bytes[2..], bigEndian));
        if (tag.Group == 0xFFFE)
            return new ElementHeader(tag, "", U32(bytes[4..], bigEndian), 8);
        if (!explicitVr || VrAt(bytes[4..]) is not { } vr)
            return new ElementHeader(tag, Tags.VrOf(tag), U32(bytes[4..], bigEndian), 8);
        if (!Long.Contains(vr))
            return new ElementHeader(tag, Short.Contains(vr) ? vr : Tags.VrOf(tag), U16(bytes[6..], bigEndian), 8);
        return bytes.Length < 12 ? null : new ElementHeader(tag, vr, U32(bytes[8..], bigEndian), 12);
    }

    public static bool IsVr(ReadOnlySpan<byte> bytes) => VrAt(bytes) is { } vr && (Short.Contains(vr) || Long.Contains(vr));

    private static string? VrAt(ReadOnlySpan<byte> bytes) =>
        char.IsAsciiLetterUpper((char)bytes[0]) && char.IsAsciiLetterUpper((char)bytes[1]) ? string.Intern($"{(char)bytes[0]}{(char)bytes[1]}") : null;

    private static ushort U16(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
