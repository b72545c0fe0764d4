using SkiaSharp;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>JPEG baseline of 8 bits, one component (ISO 10918-1 process 1), by the library that draws our pictures.</summary>
internal static class JpegBaselineDecoder
{
    /// <summary>A block of 64 pixels has at least two bits.</summary>
    private const int MostPixelsPerByte = 256;

    public static long[] Decode(ReadOnlyMemory<byte> stream, PixelFormat format, string file)
    {
        using var data = SKData.CreateCopy(stream.Span);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat != SKEncodedImageFormat.Jpeg || format.BitsAllocated != 8)
            throw Fault(file, "it is no JPEG image of 8 bits");
        if (codec.Info.Width != format.Columns || codec.Info.Height != format.Rows || format.Pixels > (long)stream.Length * MostPixelsPerByte)
            throw Fault(file, $"it has {codec.Info.Width} × {codec.Info.Height} pixels in {stream.Length} bytes, the file says {format.Columns} × {format.Rows}");
        using var bitmap = new SKBitmap(new SKImageInfo(format.Columns, format.Rows, SKColorType.Gray8, SKAlphaType.Opaque));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
            throw Fault(file, "it ends early or cannot be decoded");
        var values = new long[format.Pixels];
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < values.Length; i++)
            values[i] = format.Value(pixels[((i / format.Columns) * bitmap.RowBytes) + (i % format.Columns)]);
        return values;
    }

    private static InvalidImageException Fault(string file, string what) => new(file, $"its JPEG stream is damaged: {what}. Copy the file again from its source.");
}
