using System.Globalization;
using VerSemi.Imaging;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Cases;

/// <summary>
/// Reads one case from local files and checks it: headers first, so that nothing large is read for a case that cannot
/// pass. Every fault is an <see cref="InvalidImageException"/> that names the file as the drop does.
/// </summary>
internal sealed class CaseCheck(PlannedCase planned, DropPlan plan, IngestOptions options)
{
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Notes => _notes;

    public Grid CheckHeaders(string image, string? label)
    {
        var header = Named(planned.Image, () => NiftiFile.ReadHeader(image));
        CheckSize(planned.Image, header.Grid.Size);
        if (planned.Channel is { Declared: > 1 } channel && header.Channels != channel.Declared)
            throw new InvalidImageException(planned.Image, $"has {header.Channels} channel(s), but dataset.json declares {channel.Declared}");
        if (label is not null)
            CheckAgreement(header.Grid, Named(planned.Label!, () => NiftiFile.ReadHeader(label)).Grid);
        return header.Grid;
    }

    /// <summary>The label on the image's grid.</summary>
    public Volume<ushort> ReadLabel(string path, Grid grid)
    {
        var voxels = Named(planned.Label!, () => NiftiFile.ReadLabel(path)).Voxels;
        var counts = VoxelChecks.CountLabels(voxels);
        if (VoxelChecks.UnnamedValues(counts, plan.Labels) is { } unnamed)
            throw new InvalidImageException(planned.Label!, unnamed);
        _notes.AddRange(VoxelChecks.EmptyMasks(counts, plan.Labels));
        return new Volume<ushort>(grid, voxels);
    }

    public (Volume<float> Volume, float Smallest) ReadImage(string path)
    {
        var volume = Named(planned.Image, () => NiftiFile.ReadImage(path, planned.Channel?.Index));
        var (replaced, smallest, largest) = VoxelChecks.ReplaceNonFinite(volume.Voxels);
        if (replaced == volume.Voxels.Length)
            throw new InvalidImageException(planned.Image, $"all of its {replaced} voxels are NaN or infinite");
        if (replaced > 0)
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{replaced} voxels of the image were NaN or infinite; they were replaced by its smallest value, {smallest:G6}."));
        if (smallest == largest)
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"Every voxel of the image has the value {smallest:G6}."));
        return (volume, smallest);
    }

    private void CheckAgreement(Grid image, Grid label)
    {
        CheckSize(planned.Label!, label.Size);
        if (label.Size != image.Size)
            throw new InvalidImageException(planned.Label!, $"its shape is {label.Size}, but that of {planned.Image} is {image.Size}; they must be equal");
        var distance = VoxelChecks.CornerDistance(image, label);
        if (!(distance <= options.GeometryTolerance))
            throw new InvalidImageException(planned.Label!, string.Create(CultureInfo.InvariantCulture,
                $"it lies elsewhere than {planned.Image}: their grids' corners are up to {distance:0.##} voxels apart, {options.GeometryTolerance} is allowed; give both the same affine"));
    }

    private void CheckSize(string file, Size3 size)
    {
        if (size.Count > options.MaxVoxels)
            throw new InvalidImageException(file, $"has {size} = {size.Count} voxels; at most {options.MaxVoxels} are possible (Ingest:MaxVoxels)");
    }

    /// <summary>The reader names the file where it lies on this machine; people know it by its name in the drop.</summary>
    private static T Named<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidImageException e)
        {
            throw new InvalidImageException(name, e.Reason, e);
        }
    }
}
