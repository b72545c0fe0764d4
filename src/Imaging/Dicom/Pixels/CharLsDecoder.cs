using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>JPEG-LS (ISO 14495-1), by the C interface of CharLS 2 (charls/charls_jpegls_decoder.h) where the library is installed.</summary>
internal static partial class CharLsDecoder
{
    private const string Library = "libcharls.so.2";

    /// <summary>A line of one value takes about two bytes in run mode.</summary>
    private const int MostPixelsPerByte = 1 << 14;

    private static readonly Lazy<bool> There = new(() => NativeLibrary.TryLoad(Library, out _));

    public static bool IsThere() => There.Value;

    public static long[] Decode(ReadOnlyMemory<byte> stream, PixelFormat format, string file)
    {
        using var pinned = stream.Pin();
        var decoder = Create();
        try
        {
            unsafe
            {
                Check(SetSource(decoder, (nint)pinned.Pointer, (nuint)stream.Length), "it cannot be taken", file);
                Check(ReadHeader(decoder), "its header is damaged", file);
                Check(GetFrameInfo(decoder, out var info), "its header is damaged", file);
                if (info.Width != format.Columns || info.Height != format.Rows || info.Components != 1 || info.Bits > format.BitsAllocated || info.Bits > 16 || format.Pixels > (long)stream.Length * MostPixelsPerByte)
                    throw Fault(file, $"it has {info.Width} × {info.Height} pixels of {info.Bits} bits and {info.Components} component(s), the file says {format.Columns} × {format.Rows} of {format.BitsStored}");
                var width = info.Bits > 8 ? 2 : 1;
                var bytes = new byte[format.Pixels * width];
                fixed (byte* target = bytes)
                    Check(DecodeTo(decoder, (nint)target, (nuint)bytes.Length, 0), "it cannot be decoded", file);
                return Values(bytes, width, format);
            }
        }
        finally
        {
            Destroy(decoder);
        }
    }

    private static long[] Values(byte[] bytes, int width, PixelFormat format)
    {
        var values = new long[format.Pixels];
        for (var i = 0; i < values.Length; i++)
            values[i] = format.Value(width == 1 ? bytes[i] : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)));
        return values;
    }

    private static void Check(int error, string what, string file)
    {
        if (error != 0)
            throw Fault(file, $"{what} (CharLS error {error})");
    }

    private static InvalidImageException Fault(string file, string what) => new(file, $"its JPEG-LS stream is damaged: {what}. Copy the file again from its source.");

    /// <summary>charls_frame_info.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FrameInfo
    {
        public uint Width, Height;
        public int Bits, Components;
    }

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_create")]
    private static partial nint Create();

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_destroy")]
    private static partial void Destroy(nint decoder);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_set_source_buffer")]
    private static partial int SetSource(nint decoder, nint source, nuint bytes);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_read_header")]
    private static partial int ReadHeader(nint decoder);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_get_frame_info")]
    private static partial int GetFrameInfo(nint decoder, out FrameInfo info);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_decode_to_buffer")]
    private static partial int DecodeTo(nint decoder, nint target, nuint bytes, uint stride);
}
