using System.Runtime.InteropServices;
using VerSemi.Domain;
using VerSemi.Imaging;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Imaging.Preprocessing;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>Voxels by their own hash, whatever header, data type or compression they have in a file.</summary>
internal static class VoxelContent
{
    public static string Of(float[] voxels) => ContentHash.Of(MemoryMarshal.AsBytes<float>(voxels));

    public static string OfImage(Stream content, string name) => Of(NiftiFile.ReadImage(content, name).Voxels);

    /// <summary>Null for an empty mask: it says nothing of anybody.</summary>
    public static string? OfLabel(Stream content, string name) => OfLabel(NiftiFile.ReadLabel(content, name).Voxels);

    private static string? OfLabel(ushort[] voxels) => voxels.Any(voxel => voxel != 0) ? ContentHash.Of(MemoryMarshal.AsBytes<ushort>(voxels)) : null;

    public static Size3? SizeOf(Stream content) => NiftiFile.PeekSize(content);

    /// <summary>Whether one of the file's channels is one of these images, or the file one of these labels. What cannot be read is neither.</summary>
    public static bool IsAny(string file, IReadOnlySet<string> images, IReadOnlySet<string> labels)
    {
        try
        {
            var header = NiftiFile.ReadHeader(file);
            return Enumerable.Range(0, header.Channels).Any(channel => images.Contains(OfChannel(file, channel)))
                || (labels.Count > 0 && header.Channels == 1 && IsLabel(file, labels));
        }
        catch (InvalidImageException)
        {
            return false;
        }
    }

    /// <summary>As it would be taken in: its voxels that are no numbers replaced.</summary>
    private static string OfChannel(string file, int channel)
    {
        var voxels = NiftiFile.ReadImage(file, channel).Voxels;
        Intensity.ReplaceNonNumbers(voxels);
        return Of(voxels);
    }

    private static bool IsLabel(string file, IReadOnlySet<string> labels)
    {
        try
        {
            return OfLabel(NiftiFile.ReadLabel(file).Voxels) is { } hash && labels.Contains(hash);
        }
        catch (InvalidImageException)
        {
            return false;
        }
    }
}
