using VerSemi.Imaging.Dicom.Parsing;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>Decodes one compressed frame to stored values, row after row.</summary>
/// <exception cref="InvalidImageException">The stream is damaged, or is of another size than the file says.</exception>
internal delegate long[] FrameDecoder(ReadOnlyMemory<byte> stream, PixelFormat format, string file);

/// <summary>Which decoder a transfer syntax needs.</summary>
internal static class FrameDecoders
{
    private static readonly Dictionary<string, FrameDecoder> Managed = new()
    {
        [TransferSyntax.Rle.Uid] = RleDecoder.Decode,
        [TransferSyntax.JpegLossless.Uid] = JpegLosslessDecoder.Decode,
        [TransferSyntax.JpegLosslessFirst.Uid] = JpegLosslessDecoder.Decode,
        [TransferSyntax.JpegBaseline.Uid] = JpegBaselineDecoder.Decode,
    };

    private static readonly Dictionary<string, (FrameDecoder Decode, Func<bool> IsThere, string Package)> Native = new()
    {
        [TransferSyntax.JpegLsLossless.Uid] = (CharLsDecoder.Decode, CharLsDecoder.IsThere, "libcharls2"),
        [TransferSyntax.JpegLsNear.Uid] = (CharLsDecoder.Decode, CharLsDecoder.IsThere, "libcharls2"),
        [TransferSyntax.Jpeg2000Lossless.Uid] = (OpenJpegDecoder.Decode, OpenJpegDecoder.IsThere, "libopenjp2-7"),
        [TransferSyntax.Jpeg2000.Uid] = (OpenJpegDecoder.Decode, OpenJpegDecoder.IsThere, "libopenjp2-7"),
    };

    /// <exception cref="InvalidImageException">The transfer syntax is not read here; the message names it.</exception>
    public static FrameDecoder Of(DicomFile file) => TryOf(file.Syntax) ?? throw new InvalidImageException(file.Name, Refusal(file.Syntax)!);

    /// <summary>Why pixels in this transfer syntax cannot be read on this machine; null where they can.</summary>
    public static string? Refusal(TransferSyntax syntax) => !syntax.Encapsulated || TryOf(syntax) is not null ? null
        : Native.TryGetValue(syntax.Uid, out var native)
            ? $"its pixels are compressed by {syntax}, which needs the C library of Debian's package {native.Package}. Install it on the machine that reads the files, or decompress them first (dcmdjpeg, dcmdjpls or gdcmconv --raw)."
            : $"its pixels are compressed by the transfer syntax {syntax}, which is not read here. Decompress it first, for example with gdcmconv --raw.";

    private static FrameDecoder? TryOf(TransferSyntax syntax) =>
        Managed.TryGetValue(syntax.Uid, out var managed) ? managed : Native.TryGetValue(syntax.Uid, out var native) && native.IsThere() ? native.Decode : null;
}
