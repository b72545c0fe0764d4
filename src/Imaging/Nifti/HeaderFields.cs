using System.Buffers.Binary;

namespace VerSemi.Imaging.Nifti;

/// <summary>
/// The fields of a NIfTI-1 (348 bytes, nifti1.h) or NIfTI-2 (540 bytes, nifti2.h) header that say how to read its
/// voxels, as they stand in the file and unchecked. Names of people, times and devices are not read at all.
/// </summary>
/// <param name="Swapped">The file's byte order is not this machine's.</param>
/// <param name="Dim">dim[0]: number of dimensions; dim[1…7]: their sizes.</param>
/// <param name="PixDim">pixdim[0]: qfac; pixdim[1…7]: voxel sizes.</param>
/// <param name="Quaternion">quatern_b, c, d.</param>
/// <param name="SRows">srow_x, srow_y, srow_z: twelve numbers.</param>
/// <param name="Placement">All of these but dim and datatype, to the bit.</param>
internal sealed record HeaderFields(
    int Version, bool Swapped, long[] Dim, int DataType, double[] PixDim, double DataOffset, double Slope, double Intercept,
    int Units, int QFormCode, int SFormCode, double[] Quaternion, double[] QOffset, double[] SRows, Placement Placement)
{
    public const int Size1 = 348;
    public const int Size2 = 540;

    public int Size => Version == 1 ? Size1 : Size2;

    public static HeaderFields Read(Stream stream, string file)
    {
        var bytes = new byte[Size2];
        ReadExactly(stream, bytes.AsSpan(0, Size1), file);
        var swapped = false;
        var size = BitConverter.ToInt32(bytes);
        if (size is not (Size1 or Size2))
            (size, swapped) = (BinaryPrimitives.ReverseEndianness(size), true);
        if (size == Size1)
            return Read1(bytes, swapped, file);
        if (size != Size2)
            throw new InvalidImageException(file, $"is not a NIfTI file: it starts with the number {BitConverter.ToInt32(bytes)}; expected 348 (NIfTI-1) or 540 (NIfTI-2).");
        ReadExactly(stream, bytes.AsSpan(Size1), file);
        return Read2(bytes, swapped, file);
    }

    private static HeaderFields Read1(byte[] bytes, bool swapped, string file)
    {
        CheckMagic(bytes.AsSpan(344, 4), "n+1\0"u8, file);
        var at = new FieldReader(bytes, swapped);
        return new HeaderFields(
            1, swapped, Many<long>(8, 40, 2, i => at.Int16(i)), at.Int16(70), Many(8, 76, 4, at.Single), at.Single(108), at.Single(112), at.Single(116),
            bytes[123], at.Int16(252), at.Int16(254), Many(3, 256, 4, at.Single), Many(3, 268, 4, at.Single), Many(12, 280, 4, at.Single),
            Placement.Of(1, at.Int16(40), bytes, at.IsLittleEndian));
    }

    private static HeaderFields Read2(byte[] bytes, bool swapped, string file)
    {
        CheckMagic(bytes.AsSpan(4, 8), "n+2\0\r\n\u001a\n"u8, file);
        var at = new FieldReader(bytes, swapped);
        return new HeaderFields(
            2, swapped, Many(8, 16, 8, at.Int64), at.Int16(12), Many(8, 104, 8, at.Double), at.Int64(168), at.Double(176), at.Double(184),
            at.Int32(500), at.Int32(344), at.Int32(348), Many(3, 352, 8, at.Double), Many(3, 376, 8, at.Double), Many(12, 400, 8, at.Double),
            Placement.Of(2, at.Int64(16), bytes, at.IsLittleEndian));
    }

    private static void CheckMagic(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected, string file)
    {
        if (found.SequenceEqual(expected))
            return;
        var kind = found[0] == 'n' && found[1] == 'i' ? " (a .hdr/.img pair: convert it to one .nii file)"
            : found.Length == 4 && !found.ContainsAnyExcept((byte)0) ? " (an Analyze 7.5 header: convert the image to NIfTI)" : "";
        throw new InvalidImageException(file, $"has the magic {Printable(found)}{kind}; expected {Printable(expected)}.");
    }

    private static T[] Many<T>(int count, int at, int step, Func<int, T> read) => [.. Enumerable.Range(0, count).Select(i => read(at + i * step))];

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = "";
        foreach (var b in bytes)
            text += b is >= 32 and < 127 ? ((char)b).ToString() : $"\\x{b:x2}";
        return $"\"{text}\"";
    }

    private static void ReadExactly(Stream stream, Span<byte> bytes, string file)
    {
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw new InvalidImageException(file, $"ends inside its header, {bytes.Length - read} bytes too early; a NIfTI header has 348 or 540 bytes.");
    }

    /// <summary>Numbers at byte offsets, in the file's byte order.</summary>
    private sealed class FieldReader(byte[] bytes, bool swapped)
    {
        public bool IsLittleEndian { get; } = BitConverter.IsLittleEndian != swapped;

        public short Int16(int at) => IsLittleEndian ? BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at));
        public int Int32(int at) => IsLittleEndian ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
        public long Int64(int at) => IsLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
        public double Single(int at) => BitConverter.Int32BitsToSingle(Int32(at));
        public double Double(int at) => BitConverter.Int64BitsToDouble(Int64(at));
    }
}
