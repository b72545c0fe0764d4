using VerSemi.Domain;
using VerSemi.Imaging.Dicom.Pixels;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Dicom.Series;

/// <summary>Reads pixels: real values of a volume, or one slice's stored ones.</summary>
/// <param name="pathOf">Where the file of a slice lies on this machine.</param>
public sealed class VolumeReader(Func<string, string> pathOf)
{
    /// <summary>Hounsfield units of air.</summary>
    private const float Air = -1000;

    private (string Name, DicomPixels Pixels)? _opened;

    /// <summary>Slope × stored + intercept, slice by slice (PS3.3 section C.11.1); padding of CT is air.</summary>
    /// <exception cref="InvalidImageException">A file is damaged, or is not what its header said.</exception>
    public Volume<float> Read(DicomVolume volume, bool isCt)
    {
        float[]? voxels = null;
        var pixels = volume.Grid.Size.X * volume.Grid.Size.Y;
        for (var k = 0; k < volume.Slices.Count; k++)
        {
            var stored = Stored(volume.Slices[k]);
            // Only now: a first slice that cannot be read costs nothing of the volume's size.
            voxels ??= new float[volume.Grid.Size.Count];
            Rescale(stored, volume.Slices[k], isCt, voxels.AsSpan(k * pixels, pixels));
        }
        return new Volume<float>(volume.Grid, voxels!);
    }

    /// <summary>SHA-256 of a slice's stored values.</summary>
    public string Content(DicomSlice slice) => ContentHash.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(Stored(slice)));

    private long[] Stored(DicomSlice slice)
    {
        if (_opened is not { } opened || opened.Name != slice.File)
            _opened = opened = (slice.File, DicomPixels.Of(DicomFile.Read(pathOf(slice.File), slice.File)));
        var stored = opened.Pixels.Frame(slice.Frame);
        return stored.Length == slice.Rows * slice.Columns ? stored : throw new InvalidImageException(slice.File, "was written again while it was read. Wait until the copy is complete.");
    }

    private static void Rescale(long[] stored, DicomSlice slice, bool isCt, Span<float> voxels)
    {
        for (var i = 0; i < stored.Length; i++)
            voxels[i] = isCt && slice.Padding is { } padding && stored[i] >= padding.From && stored[i] <= padding.To ? Air : (float)(stored[i] * slice.Slope + slice.Intercept);
    }
}
