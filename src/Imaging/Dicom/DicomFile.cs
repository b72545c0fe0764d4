using System.IO.Compression;
using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom;

/// <summary>
/// A DICOM file (PS3.10 section 7), whatever its name: with or without preamble and meta information, in explicit, implicit, big
/// endian or deflated encoding. Every fault is an <see cref="InvalidImageException"/> that names file, element and byte, and no value
/// of a header.
/// </summary>
public sealed class DicomFile
{
    private const int Preamble = 128, FirstRead = 1 << 16;

    /// <summary>Inflated data may have this multiple of the file's size, and 16 MiB.</summary>
    private const int MostInflation = 100;

    private DicomFile(string name, TransferSyntax syntax, DicomDataset data) => (Name, Syntax, Data) = (name, syntax, data);

    /// <summary>As messages call it.</summary>
    public string Name { get; }
    public TransferSyntax Syntax { get; }
    internal DicomDataset Data { get; }

    /// <summary>How many bytes <see cref="IsDicom"/> needs.</summary>
    public const int SniffedBytes = 144;

    /// <summary>Told by the content: the prefix "DICM" (PS3.10 section 7.1), or a data set that begins with group 0002 or 0008 as data sets without it do.</summary>
    public static bool IsDicom(ReadOnlySpan<byte> start) => IsPart10(start) || (start.Length >= 16 && FirstGroup(start) is 2 or 8 && IsPlausible(start));

    /// <summary>The whole file.</summary>
    /// <param name="name">What messages call it; null: as the path says.</param>
    public static DicomFile Read(string path, string? name = null)
    {
        if (new FileInfo(path).Length > Array.MaxLength)
            throw new InvalidImageException(name ?? path, $"has more than {Array.MaxLength} bytes. Export it as one file a slice.");
        return Parse(System.IO.File.ReadAllBytes(path), name ?? path, isWhole: true, headerOnly: false);
    }

    /// <summary>Everything before the pixel data; no more of the file is read than that needs.</summary>
    /// <param name="content">At its begin. It stays open.</param>
    public static DicomFile ReadHeader(Stream content, string name)
    {
        var (bytes, length) = (new byte[FirstRead], 0);
        while (true)
        {
            length += content.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            var isWhole = length < bytes.Length;
            try
            {
                return Parse(bytes.AsMemory(0, length), name, isWhole, headerOnly: true);
            }
            catch (PrefixTooShortException) when (bytes.Length <= Array.MaxLength / 2)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }
            catch (PrefixTooShortException e)
            {
                throw new InvalidImageException(name, $"its header has more than {bytes.Length} bytes. Export it again from its source.", e);
            }
        }
    }

    /// <inheritdoc cref="ReadHeader(Stream, string)"/>
    public static DicomFile ReadHeader(string path, string? name = null)
    {
        using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        return ReadHeader(content, name ?? path);
    }

    internal static DicomFile Parse(ReadOnlyMemory<byte> bytes, string name, bool isWhole, bool headerOnly)
    {
        if (!IsDicom(bytes.Span[..Math.Min(bytes.Length, SniffedBytes)]))
            throw new InvalidImageException(name, "is no DICOM file: it begins neither with the prefix DICM at byte 128 nor with a data set. Remove it from the series.");
        var reader = new ElementReader(bytes, name, isWhole, headerOnly) { Position = IsPart10(bytes.Span) ? Preamble + 4 : 0 };
        var meta = reader.ReadMeta();
        var rest = bytes.Span[reader.Position..];
        var uid = meta.Text(Tags.TransferSyntaxUID);
        if (rest.Length == 0)
            throw new InvalidImageException(name, "holds meta information and no data set: it is cut off. Copy it again from its source.");
        if (uid == TransferSyntax.DeflatedLittle.Uid)
            return Inflated(bytes[reader.Position..], name, isWhole, headerOnly);
        var syntax = uid.Length > 0 ? TransferSyntax.Of(uid) : Guess(rest);
        return new DicomFile(name, syntax, reader.ReadAll(IsExplicit(rest, syntax), syntax.BigEndian));
    }

    /// <summary>PS3.5 annex A.5: everything behind the meta information is one deflate stream (RFC 1951).</summary>
    private static DicomFile Inflated(ReadOnlyMemory<byte> packed, string name, bool isWhole, bool headerOnly)
    {
        if (!isWhole)
            throw new PrefixTooShortException();
        var (most, inflated) = (((long)packed.Length * MostInflation) + (16 << 20), new MemoryStream());
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            var chunk = new byte[1 << 16];
            for (int read; (read = deflate.Read(chunk)) > 0;)
            {
                inflated.Write(chunk, 0, read);
                if (inflated.Length > Math.Min(most, Array.MaxLength))
                    throw new InvalidImageException(name, $"its deflated part of {packed.Length} bytes inflates to more than {inflated.Length}. Export it uncompressed.");
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageException(name, $"its deflated part is damaged: {e.Message} Copy it again from its source.", e);
        }
        var reader = new ElementReader(inflated.GetBuffer().AsMemory(0, (int)inflated.Length), name, isWhole: true, headerOnly);
        return new DicomFile(name, TransferSyntax.DeflatedLittle, reader.ReadAll(explicitVr: true, bigEndian: false));
    }

    private static bool IsPart10(ReadOnlySpan<byte> start) => start.Length >= Preamble + 4 && start.Slice(Preamble, 4).SequenceEqual("DICM"u8);

    /// <summary>Of a data set without a prefix, in either byte order.</summary>
    private static int FirstGroup(ReadOnlySpan<byte> start) => start[1] == 0 ? start[0] : start[0] == 0 ? start[1] : -1;

    /// <summary>A known VR, or an implicit length that no data set begins beyond.</summary>
    private static bool IsPlausible(ReadOnlySpan<byte> start) => ElementHeader.IsVr(start[4..])
        || (start[1] == 0 && start[3] == 0 && ElementHeader.Read(start, false, false) is { Length: > 0 and <= 256 });

    private static TransferSyntax Guess(ReadOnlySpan<byte> rest) => rest.Length < 8 ? TransferSyntax.ImplicitLittle
        : rest[0] == 0 && rest[1] != 0 ? TransferSyntax.ExplicitBig : ElementHeader.IsVr(rest[4..]) ? TransferSyntax.ExplicitLittle : TransferSyntax.ImplicitLittle;

    /// <summary>Some files declare one encoding and are written in the other; the first element tells.</summary>
    private static bool IsExplicit(ReadOnlySpan<byte> rest, TransferSyntax syntax) => rest.Length < 8 ? syntax.Explicit : ElementHeader.IsVr(rest[4..]);
}
