using VerSemi.Imaging;

namespace VerSemi.Ingest.Cases;

/// <summary>Whether an unlabelled image is a mask by its voxels: a few small whole numbers, most of them 0.</summary>
internal static class MaskCheck
{
    /// <summary>More different values than that are an image, or a mask that its name has to tell.</summary>
    private const int MostValues = 32;

    /// <exception cref="InvalidImageException">It is.</exception>
    public static void Check(string file, float[] voxels)
    {
        if (ValuesOf(voxels) is { } values)
            throw new InvalidImageException(file, $"it looks like a mask, not an image: its only values are {string.Join(", ", values)}. Name it as a label, labelsTr/⟨case⟩.nii.gz, and add a dataset.json; or remove it from the drop");
    }

    private static IEnumerable<float>? ValuesOf(float[] voxels)
    {
        var values = new HashSet<float>();
        var zeros = 0L;
        foreach (var voxel in voxels)
        {
            zeros += voxel == 0 ? 1 : 0;
            if (values.Add(voxel) && (values.Count > MostValues || voxel < 0 || voxel > ushort.MaxValue || voxel != MathF.Floor(voxel)))
                return null;
        }
        return values.Count > 1 && zeros * 2 >= voxels.Length ? values.Order() : null;
    }
}
