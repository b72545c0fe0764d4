using System.Globalization;
using System.IO.Compression;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>
/// NIfTI-1 and NIfTI-2, .nii and .nii.gz, both byte orders. Every fault of a file is an <see cref="InvalidImageException"/>;
/// a fault of the disk stays an IOException.
/// </summary>
public static class NiftiFile
{
    /// <summary>Reads and checks the header; no voxel is read and nothing of their size is allocated.</summary>
    public static NiftiHeader ReadHeader(string path)
    {
        using var reader = NiftiReader.OpenFile(path);
        return new NiftiHeader(reader.Layout.Grid, (int)Math.Min(reader.Layout.Channels, int.MaxValue), reader.Layout.Type.Name);
    }

    /// <summary>
    /// The size that a stream's first bytes declare, of the first three dimensions; null where they are no NIfTI header.
    /// For a quick look at many files: nothing is checked, and no more than the header is asked for.
    /// </summary>
    public static Size3? PeekSize(Stream content)
    {
        try
        {
            var start = new byte[2];
            var read = content.ReadAtLeast(start, 2, throwOnEndOfStream: false);
            using var whole = new ContinuedStream(start.AsMemory(0, read), content);
            using var plain = start is [0x1F, 0x8B] ? new GZipStream(whole, CompressionMode.Decompress) : (Stream)whole;
            var dim = HeaderFields.Read(plain, "").Dim;
            var size = Enumerable.Range(1, 3).Select(i => dim[0] >= i ? (int)Math.Clamp(dim[i], 0, int.MaxValue) : 1).ToArray();
            return new Size3(size[0], size[1], size[2]);
        }
        catch (Exception e) when (e is InvalidImageException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Real values (scl_slope and scl_inter applied). NaN voxels stay NaN.</summary>
    /// <param name="channel">For a 4-D file whose dataset declares channels; null: the file must have three dimensions.</param>
    public static Volume<float> ReadImage(string path, int? channel = null)
    {
        using var reader = NiftiReader.OpenFile(path);
        CheckChannel(reader.Layout, channel, path);
        return new Volume<float>(reader.Layout.Grid, reader.ReadVolume<float>(channel ?? 0, ToSingle));
    }

    /// <summary>Integer labels, 0…65535; refuses a voxel that is further than 1e-3 from one, naming it and its value.</summary>
    public static Volume<ushort> ReadLabel(string path)
    {
        using var reader = NiftiReader.OpenFile(path);
        CheckChannel(reader.Layout, null, path);
        var size = reader.Layout.Grid.Size;
        return new Volume<ushort>(reader.Layout.Grid, reader.ReadVolume<ushort>(0, (values, voxels, first) => ToLabels(values, voxels, first, size, path)));
    }

    /// <summary>
    /// Writes float32; sform and qform alike (a sheared affine: the qform is the nearest rotation); gzip where the name
    /// ends in .gz. Nothing of an original header that could name a person. Same volume, same bytes.
    /// </summary>
    public static void Write(string path, Volume<float> volume) => NiftiWriter.Write(path, volume);

    /// <summary>Writes the smallest integer type that holds the labels, uint8 or uint16; the rest as for an image.</summary>
    /// <param name="description">The header's, for people; empty in what is known by its hash.</param>
    public static void Write(string path, Volume<ushort> labels, string description = "") => NiftiWriter.Write(path, labels, description);

    private static void CheckChannel(NiftiLayout layout, int? channel, string path)
    {
        if (channel is null && layout.Channels > 1)
            throw new InvalidImageException(path, $"has {layout.Channels} volumes of {layout.Grid.Size}; expected three dimensions. Where the fourth holds channels, the dataset must declare them.");
        if (channel is { } index && (index < 0 || index >= layout.Channels))
            throw new InvalidImageException(path, $"has no channel {index}: it has {layout.Channels}, counted from 0.");
    }

    private static void ToSingle(ReadOnlySpan<double> values, Span<float> voxels, int first)
    {
        for (var i = 0; i < values.Length; i++)
            voxels[i] = (float)values[i];
    }

    private static void ToLabels(ReadOnlySpan<double> values, Span<ushort> voxels, int first, Size3 size, string path)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var label = Math.Round(values[i]);
            if (!(Math.Abs(values[i] - label) < 1e-3) || label is < 0 or > ushort.MaxValue)
                throw NotALabel(values[i], first + i, size, path);
            voxels[i] = (ushort)label;
        }
    }

    private static InvalidImageException NotALabel(double value, int index, Size3 size, string path)
    {
        var (x, y, z) = (index % size.X, index / size.X % size.Y, index / size.X / size.Y);
        return new InvalidImageException(path, string.Create(CultureInfo.InvariantCulture, $"has the label {value:G9} at voxel ({x}, {y}, {z}); expected whole numbers from 0 to 65535."));
    }
}
