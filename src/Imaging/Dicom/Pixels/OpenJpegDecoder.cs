namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>JPEG 2000 (ISO 15444-1), by the C interface of OpenJPEG 2 where the library is installed. Size and components are compared with the file's before anything is decoded.</summary>
internal static class OpenJpegDecoder
{
    /// <summary>A frame of one value takes some hundred bytes.</summary>
    private const int MostPixelsPerByte = 1 << 14;

    public static bool IsThere() => OpenJpeg.IsThere;

    public static unsafe long[] Decode(ReadOnlyMemory<byte> stream, PixelFormat format, string file)
    {
        using var pinned = stream.Pin();
        using var opened = new OpenJpeg((byte*)pinned.Pointer, stream.Length);
        if (opened.ReadHeader() is not { } found)
            throw Fault(file, "its header is damaged");
        if (found is not { Components: 1, X0: 0, Y0: 0 } || found.X1 != format.Columns || found.Y1 != format.Rows || format.Pixels > (long)stream.Length * MostPixelsPerByte)
            throw Fault(file, $"it has {found.X1} × {found.Y1} pixels and {found.Components} component(s) in {stream.Length} bytes, the file says {format.Columns} × {format.Rows}");
        if (opened.Decode() is not { } component || component.Width != format.Columns || component.Height != format.Rows || component.Precision > format.BitsAllocated || component.Data == null)
            throw Fault(file, "it ends early or cannot be decoded");
        var (values, mask) = (new long[format.Pixels], (1L << (int)component.Precision) - 1);
        for (var i = 0; i < values.Length; i++)
            values[i] = format.Value(component.Data[i] & mask);
        return values;
    }

    private static InvalidImageException Fault(string file, string what) => new(file, $"its JPEG 2000 stream is damaged: {what}. Copy the file again from its source.");
}
