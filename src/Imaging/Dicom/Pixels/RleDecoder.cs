using System.Buffers.Binary;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>RLE compression (PS3.5 annex G): a segment for each byte of a pixel, the most significant first, each by the PackBits scheme.</summary>
internal static class RleDecoder
{
    private const int HeaderBytes = 64;

    /// <summary>Two bytes give at most 128.</summary>
    private const int MostExpansion = 64;

    public static long[] Decode(ReadOnlyMemory<byte> stream, PixelFormat format, string file)
    {
        var width = format.BitsAllocated / 8;
        var bytes = stream.Span;
        if (bytes.Length < HeaderBytes || width == 0 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != width)
            throw Fault(file, $"its header does not announce the {width} segment(s) of a pixel of {format.BitsAllocated} bits");
        if (format.Pixels > (long)bytes.Length * MostExpansion)
            throw Fault(file, $"{bytes.Length} bytes cannot hold {format.Columns} × {format.Rows} pixels");
        var (raw, plane) = (new long[format.Pixels], new byte[format.Pixels]);
        for (var segment = 0; segment < width; segment++)
        {
            Unpack(Segment(bytes, segment, width, file), plane, file);
            for (var i = 0; i < raw.Length; i++)
                raw[i] = (raw[i] << 8) | plane[i];
        }
        for (var i = 0; i < raw.Length; i++)
            raw[i] = format.Value(raw[i]);
        return raw;
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> bytes, int index, int count, string file)
    {
        var from = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + (4 * index))..]);
        var to = index + 1 < count ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(8 + (4 * index))..]) : (uint)bytes.Length;
        return from < HeaderBytes || from > to || to > bytes.Length ? throw Fault(file, $"segment {index + 1} lies outside of the frame") : bytes[(int)from..(int)to];
    }

    private static void Unpack(ReadOnlySpan<byte> packed, Span<byte> plane, string file)
    {
        for (var at = 0; plane.Length > 0;)
        {
            if (at + 1 >= packed.Length)
                throw Fault(file, $"a segment ends {plane.Length} pixels early");
            var control = (sbyte)packed[at++];
            var count = Math.Min(plane.Length, control >= 0 ? control + 1 : control == -128 ? 0 : 1 - control);
            if (control >= 0 && at + count > packed.Length)
                throw Fault(file, $"a segment ends {plane.Length} pixels early");
            if (control >= 0)
                packed.Slice(at, count).CopyTo(plane);
            else if (control != -128)
                plane[..count].Fill(packed[at]);
            at += control >= 0 ? control + 1 : control == -128 ? 0 : 1;
            plane = plane[count..];
        }
    }

    private static InvalidImageException Fault(string file, string what) => new(file, $"its RLE pixel data are damaged: {what}. Copy the file again from its source.");
}
