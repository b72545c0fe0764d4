namespace VerSemi.Imaging.Nifti;

/// <summary>
/// The header fields that place a file's voxels in space, to the bit: sform, qform, both codes, units and voxel sizes. A
/// mask that is written with its image's placement lies on the image in every reader, whichever field it goes by.
/// </summary>
public sealed class Placement
{
    private static readonly Field[] Nifti1 = [new(76, 4, 8), new(123, 1, 1), new(252, 2, 2), new(256, 4, 6), new(280, 4, 12)];
    private static readonly Field[] Nifti2 = [new(104, 8, 8), new(344, 4, 2), new(352, 8, 6), new(400, 8, 12), new(500, 4, 1)];

    private readonly byte[] _header;

    private Placement(int version, int rank, byte[] header) => (Version, Rank, _header) = (version, rank, header);

    /// <summary>Equally many numbers of equally many bytes in a row: pixdim, units, codes, quaternion with offset, srow.</summary>
    private readonly record struct Field(int Offset, int Width, int Count);

    /// <summary>1 or 2: NIfTI-1 stores float32, NIfTI-2 float64.</summary>
    internal int Version { get; }

    /// <summary>dim[0] without the channels, 1…3: how many voxel sizes a reader looks at.</summary>
    internal int Rank { get; }

    /// <param name="header">A whole header as it stands in its file; only the fields above are kept.</param>
    /// <param name="littleEndian">Byte order of the file.</param>
    internal static Placement Of(int version, long rank, ReadOnlySpan<byte> header, bool littleEndian)
    {
        var kept = new byte[version == 1 ? HeaderFields.Size1 : HeaderFields.Size2];
        foreach (var field in Fields(version))
            for (var i = 0; i < field.Count; i++)
            {
                var number = kept.AsSpan(field.Offset + i * field.Width, field.Width);
                header.Slice(field.Offset + i * field.Width, field.Width).CopyTo(number);
                if (!littleEndian)
                    number.Reverse();
            }
        return new Placement(version, (int)Math.Clamp(rank, 1, 3), kept);
    }

    /// <param name="header">A little-endian header of <see cref="Version"/>.</param>
    internal void CopyTo(Span<byte> header)
    {
        foreach (var field in Fields(Version))
            _header.AsSpan(field.Offset, field.Width * field.Count).CopyTo(header[field.Offset..]);
    }

    private static Field[] Fields(int version) => version == 1 ? Nifti1 : Nifti2;
}
