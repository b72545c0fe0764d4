using System.Globalization;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>A checked header: what it declares can be in the file, so that memory may be taken for it.</summary>
/// <param name="DataOffset">Bytes before the first voxel.</param>
internal sealed record NiftiLayout(Grid Grid, long Channels, NiftiDataType Type, bool Swapped, long DataOffset, double Slope, double Intercept)
{
    /// <summary>Deflate turns one byte into at most 1032 (zlib, "Maximum Expansion Factor").</summary>
    private const int LargestExpansion = 1032;

    public long VolumeBytes => Grid.Size.Count * Type.Bytes;
    public long FileBytes => DataOffset + VolumeBytes * Channels;

    public static NiftiLayout Of(HeaderFields header, string file, long fileLength, bool compressed)
    {
        var type = NiftiDataType.Of(header.DataType, file);
        var dim = Dimensions(header, file);
        var offset = Offset(header, file);
        CheckSize(dim, type, offset, file, fileLength, compressed);
        var (slope, intercept) = Scaling(header, file);
        var size = new Size3((int)dim[0], (int)dim[1], (int)dim[2]);
        return new NiftiLayout(new Grid(size, HeaderGeometry.Affine(header, file)), dim[3], type, header.Swapped, offset, slope, intercept);
    }

    /// <summary>x, y, z and channels; trailing dimensions of size 1 are dropped.</summary>
    private static long[] Dimensions(HeaderFields header, string file)
    {
        var rank = header.Dim[0];
        if (rank is < 1 or > 7)
            throw new InvalidImageException(file, $"has {rank} dimensions (dim[0]); expected 1…7.");
        var dim = header.Dim[1..(int)(rank + 1)];
        var text = string.Join('×', dim);
        if (dim.Any(length => length < 1))
            throw new InvalidImageException(file, $"has the size {text}; expected at least 1 along each dimension.");
        if (dim.Skip(4).Any(length => length > 1))
            throw new InvalidImageException(file, $"has the size {text}; expected three dimensions, or four where the fourth holds channels.");
        return [.. dim.Concat([1L, 1L, 1L]).Take(4)];
    }

    /// <summary>0 is read as "right behind the header and its four extension bytes", the smallest value that the specification allows.</summary>
    private static long Offset(HeaderFields header, string file)
    {
        var smallest = header.Size + 4;
        var offset = header.DataOffset;
        if (offset == 0)
            return smallest;
        if (!(offset >= smallest) || offset != Math.Floor(offset) || offset > long.MaxValue / 4)
            throw new InvalidImageException(file, string.Create(CultureInfo.InvariantCulture, $"has vox_offset {offset}; expected a whole number of bytes from {smallest} up."));
        return (long)offset;
    }

    // bitpix is not looked at: it repeats the datatype, and where the two disagree the exact size below says which is right.
    private static void CheckSize(long[] dim, NiftiDataType type, long offset, string file, long fileLength, bool compressed)
    {
        var voxels = (Int128)1;
        foreach (var length in dim)
            voxels = voxels > long.MaxValue ? voxels : voxels * length;
        var expected = offset + voxels * type.Bytes;
        var declared = $"declares {string.Join('×', dim[3] == 1 ? dim[..3] : dim)} voxels of {type.Name}, {Bytes(expected)} in all";
        if (compressed && expected > (Int128)fileLength * LargestExpansion)
            throw new InvalidImageException(file, $"{declared}; its {Bytes(fileLength)} of gzip can hold at most {Bytes((Int128)fileLength * LargestExpansion)}.");
        if (!compressed && expected != fileLength)
            throw new InvalidImageException(file, $"{declared}; the file has {Bytes(fileLength)}.");
        if (dim[..3].Any(length => length > int.MaxValue) || dim[0] * (Int128)dim[1] * dim[2] > Array.MaxLength)
            throw new InvalidImageException(file, $"{declared}; a volume can have at most {Array.MaxLength} voxels.");
    }

    private static string Bytes(Int128 bytes) => bytes > long.MaxValue ? "more than 2^63 bytes" : $"{bytes} bytes";

    /// <summary>A slope of 0 means "no scaling" (nifti1.h); NaN is what writers leave there to say the same.</summary>
    private static (double Slope, double Intercept) Scaling(HeaderFields header, string file)
    {
        if (header.Slope == 0 || double.IsNaN(header.Slope))
            return (1, 0);
        if (!double.IsFinite(header.Slope) || !double.IsFinite(header.Intercept))
            throw new InvalidImageException(file, string.Create(CultureInfo.InvariantCulture, $"has scl_slope {header.Slope} and scl_inter {header.Intercept}; expected finite numbers."));
        return (header.Slope, header.Intercept);
    }
}
