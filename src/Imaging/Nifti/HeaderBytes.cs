using System.Buffers.Binary;
using System.Text;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>
/// The header that this project writes: geometry and datatype, every other field 0, so nothing else of an original
/// header gets through. NIfTI-1, or NIfTI-2 where a side is too long for it or the placement is one of NIfTI-2.
/// Offsets: nifti1.h, nifti2.h.
/// </summary>
internal static class HeaderBytes
{
    private const int Millimetres = 2;
    private const short ScannerAnatomical = 1;

    private const int MostDescription = 79;

    /// <summary>Header and the four bytes that say "no extensions".</summary>
    /// <param name="description">ASCII, at most 79 characters.</param>
    /// <param name="placement">Of the file on whose grid the voxels are; null: by the grid's affine.</param>
    public static byte[] Of(Grid grid, NiftiDataType type, string description = "", Placement? placement = null)
    {
        var isShort = placement is null ? new[] { grid.Size.X, grid.Size.Y, grid.Size.Z }.Max() <= short.MaxValue : placement.Version == 1;
        var bytes = isShort ? Nifti1(grid, type, placement?.Rank ?? 3) : Nifti2(grid, type, placement?.Rank ?? 3);
        placement?.CopyTo(bytes);
        Encoding.ASCII.GetBytes(description.AsSpan(0, Math.Min(description.Length, MostDescription)), bytes.AsSpan(isShort ? 148 : 240));
        return bytes;
    }

    private static byte[] Nifti1(Grid grid, NiftiDataType type, int rank)
    {
        var bytes = new byte[HeaderFields.Size1 + 4];
        var (b, c, d, qfac) = Quaternion.Of(grid.Affine);
        var (x, y, z) = grid.Spacing;
        Int32(bytes, 0, HeaderFields.Size1);
        Int16(bytes, 40, rank, grid.Size.X, grid.Size.Y, grid.Size.Z, 1, 1, 1, 1);
        Int16(bytes, 70, type.Code, type.Bytes * 8);
        Single(bytes, 76, qfac, x, y, z);
        Single(bytes, 108, bytes.Length, 1, 0);
        bytes[123] = Millimetres;
        Int16(bytes, 252, ScannerAnatomical, ScannerAnatomical);
        Single(bytes, 256, b, c, d, grid.Affine.M03, grid.Affine.M13, grid.Affine.M23);
        Single(bytes, 280, grid.Affine.Rows());
        "n+1\0"u8.CopyTo(bytes.AsSpan(344));
        return bytes;
    }

    private static byte[] Nifti2(Grid grid, NiftiDataType type, int rank)
    {
        var bytes = new byte[HeaderFields.Size2 + 4];
        var (b, c, d, qfac) = Quaternion.Of(grid.Affine);
        var (x, y, z) = grid.Spacing;
        Int32(bytes, 0, HeaderFields.Size2);
        "n+2\0\r\n\u001a\n"u8.CopyTo(bytes.AsSpan(4));
        Int16(bytes, 12, type.Code, type.Bytes * 8);
        Int64(bytes, 16, rank, grid.Size.X, grid.Size.Y, grid.Size.Z, 1, 1, 1, 1);
        Double(bytes, 104, qfac, x, y, z);
        Int64(bytes, 168, bytes.Length);
        Double(bytes, 176, 1, 0);
        Int32(bytes, 344, ScannerAnatomical, ScannerAnatomical);
        Double(bytes, 352, b, c, d, grid.Affine.M03, grid.Affine.M13, grid.Affine.M23);
        Double(bytes, 400, grid.Affine.Rows());
        Int32(bytes, 500, Millimetres);
        return bytes;
    }

    private static void Int16(byte[] bytes, int at, params ReadOnlySpan<int> values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at + 2 * i), (short)values[i]);
    }

    private static void Int32(byte[] bytes, int at, params ReadOnlySpan<int> values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 4 * i), values[i]);
    }

    private static void Int64(byte[] bytes, int at, params ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 8 * i), values[i]);
    }

    private static void Single(byte[] bytes, int at, params ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at + 4 * i), (float)values[i]);
    }

    private static void Double(byte[] bytes, int at, params ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at + 8 * i), values[i]);
    }
}
