using System.Buffers.Binary;
using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>Stored values of a file's frames, before any rescale. Nothing of a frame's size is allocated before the file was found to hold enough bytes for it.</summary>
internal sealed class DicomPixels
{
    private readonly DicomFile _file;
    private readonly DicomElement _element;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>>? _frames;

    private DicomPixels(DicomFile file, PixelFormat format, DicomElement element)
    {
        (_file, Format, _element) = (file, format, element);
        _frames = element.Fragments is { } fragments ? EncapsulatedFrames.Of(fragments, format.Frames, file.Name) : null;
    }

    public PixelFormat Format { get; }

    /// <exception cref="InvalidImageException">No pixel data, or a form of them that is not read.</exception>
    public static DicomPixels Of(DicomFile file)
    {
        if (file.Data.Has(Tags.FloatPixelData) || file.Data.Has(Tags.DoubleFloatPixelData))
            throw new InvalidImageException(file.Name, "holds floating-point pixels (7FE0,0008 or 7FE0,0009), which are not read. Convert it to NIfTI first.");
        if (file.Data.Find(Tags.PixelData) is not { } element || (element.Value.Length == 0 && element.Fragments is null))
            throw new InvalidImageException(file.Name, "holds no pixel data (7FE0,0010): it is no image. Leave it out.");
        return new DicomPixels(file, PixelFormat.Of(file.Data), element);
    }

    /// <summary>Row after row.</summary>
    /// <param name="index">Counted from 0.</param>
    public long[] Frame(int index)
    {
        if (index < 0 || index >= Format.Frames)
            throw new InvalidImageException(_file.Name, $"has no frame {index + 1}: it has {Format.Frames}.");
        return _frames is null ? Native(index) : FrameDecoders.Of(_file)(_frames[index], Format, _file.Name);
    }

    private long[] Native(int index)
    {
        if (_file.Syntax.Encapsulated)
            throw new InvalidImageException(_file.Name, $"declares {_file.Syntax}, but its pixels are not in fragments. Export it again from its source.");
        var bits = (long)Format.Pixels * Format.BitsAllocated;
        var bytes = _element.Value;
        if (((bits * Format.Frames) + 7) / 8 is var needed && needed > bytes.Length)
            throw new InvalidImageException(_file.Name, $"element {Tags.PixelData} at byte {_element.Offset} has {bytes.Length} bytes; {needed} are needed for {Format.Frames} frame(s) of {Format.Columns} × {Format.Rows}. The file is cut off: copy it again.");
        if (Format.BitsAllocated == 1)
            return Bits(bytes.Span, index * bits);
        var width = Format.BitsAllocated / 8;
        return Unpack(bytes.Span.Slice((int)(index * bits / 8), Format.Pixels * width), width);
    }

    /// <summary>The first pixel is the lowest bit, and frames follow without a gap (PS3.5 section 8.1.1).</summary>
    private long[] Bits(ReadOnlySpan<byte> bytes, long first)
    {
        var values = new long[Format.Pixels];
        for (var i = 0; i < values.Length; i++)
            values[i] = (bytes[(int)((first + i) >> 3)] >> (int)((first + i) & 7)) & 1;
        return values;
    }

    private long[] Unpack(ReadOnlySpan<byte> bytes, int width)
    {
        var (values, big) = (new long[Format.Pixels], _file.Data.BigEndian);
        // Bytes of a big-endian OW lie in words, the later byte first (PS3.5 section 7.3).
        var swapped = big && width == 1 && _element.Vr == "OW" ? 1 : 0;
        for (var i = 0; i < values.Length; i++)
            values[i] = Format.Value(width switch
            {
                1 => bytes[Math.Min(i ^ swapped, bytes.Length - 1)],
                2 => big ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]),
                _ => big ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * i)..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]),
            });
        return values;
    }
}
