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
    public static NiftiHeader ReadHeader(string path) => Header(NiftiReader.OpenFile(path), path);

    /// <inheritdoc cref="ReadHeader(string)"/>
    /// <param name="content">At its beginning; with a length. It stays open.</param>
    /// <param name="name">What messages call it.</param>
    public static NiftiHeader ReadHeader(Stream content, string name) => Header(NiftiReader.Of(content, name), name);

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
    public static Volume<float> ReadImage(string path, int? channel = null) => Image(NiftiReader.OpenFile(path), path, channel);

    /// <inheritdoc cref="ReadImage(string, int?)"/>
    /// <param name="content">At its beginning; with a length. It stays open.</param>
    /// <param name="name">What messages call it.</param>
    public static Volume<float> ReadImage(Stream content, string name, int? channel = null) => Image(NiftiReader.Of(content, name), name, channel);

    /// <summary>Integer labels, 0…65535; refuses a voxel that is further than 1e-3 from one, naming it and its value.</summary>
    public static Volume<ushort> ReadLabel(string path) => Label(NiftiReader.OpenFile(path), path);

    /// <inheritdoc cref="ReadLabel(string)"/>
    /// <param name="content">At its beginning; with a length. It stays open.</param>
    /// <param name="name">What messages call it.</param>
    public static Volume<ushort> ReadLabel(Stream content, string name) => Label(NiftiReader.Of(content, name), name);

    private static NiftiHeader Header(NiftiReader opened, string name)
    {
        using var reader = opened;
        var (grid, fields) = (reader.Layout.Grid, reader.Fields);
        var findings = HeaderChecks.Of(fields, grid, name);
        return new NiftiHeader(grid, HeaderChecks.Second(fields, grid, name), (int)Math.Min(reader.Layout.Channels, int.MaxValue), reader.Layout.Type.Name, fields.Placement, findings);
    }

    private static Volume<float> Image(NiftiReader opened, string name, int? channel)
    {
        using var reader = opened;
        CheckChannel(reader.Layout, channel, name);
        return new Volume<float>(reader.Layout.Grid, reader.ReadVolume<float>(channel ?? 0, ToSingle));
    }

    private static Volume<ushort> Label(NiftiReader opened, string name)
    {
        using var reader = opened;
        CheckChannel(reader.Layout, null, name);
        var size = reader.Layout.Grid.Size;
        return new Volume<ushort>(reader.Layout.Grid, reader.ReadVolume<ushort>(0, (values, voxels, first) => ToLabels(values, voxels, first, size, name)));
    }

    /// <summary>
    /// Writes float32; sform and qform alike (a sheared affine: the qform is the nearest rotation); gzip where the name
    /// ends in .gz. Nothing of an original header that could name a person. Same volume, same bytes.
    /// </summary>
    /// <param name="placement">Of the file on whose grid the volume is: kept to the bit in place of the grid's affine.</param>
    public static void Write(string path, Volume<float> volume, Placement? placement = null) => NiftiWriter.Write(path, volume, placement);

    /// <summary>Writes the smallest integer type that holds the labels, uint8 or uint16; the rest as for an image.</summary>
    /// <param name="description">The header's, for people; empty in what is known by its hash.</param>
    /// <param name="placement">As for an image.</param>
    public static void Write(string path, Volume<ushort> labels, string description = "", Placement? placement = null) => NiftiWriter.Write(path, labels, description, placement);

    private static void CheckChannel(NiftiLayout layout, int? channel, string path)
    {
        if (channel is null && layout.Channels > 1 && layout.Grid.Size is { X: 1, Y: > 1, Z: > 1 })
            throw new InvalidImageException(path, $"has four dimensions, {layout.Grid.Size}×{layout.Channels}, of which the first is 1: write it with the other three alone (e.g. numpy.squeeze).");
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
