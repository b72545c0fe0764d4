using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging;
using VerSemi.Imaging.Checks;
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
    private LabelPlace? _place;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Voxels by value of the label, once it was read.</summary>
    public IReadOnlyDictionary<int, long>? Marked { get; private set; }

    public Grid CheckHeaders(string image, string? label)
    {
        var header = Named(planned.Image, () => NiftiFile.ReadHeader(image));
        CheckSize(planned.Image, header.Grid.Size);
        if (planned.Channel is { Declared: > 1 } channel && header.Channels != channel.Declared)
            throw new InvalidImageException(planned.Image, $"has {header.Channels} channel(s), but dataset.json declares {channel.Declared}");
        Take(planned.Image, header.Findings);
        if (label is not null)
            _place = PlaceOf(header, Named(planned.Label!, () => NiftiFile.ReadHeader(label)));
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
        Marked = counts;
        return new Volume<ushort>(grid, _place!.Ordered(voxels));
    }

    public (Volume<float> Volume, ImageCheck Check) ReadImage(string path)
    {
        var volume = Named(planned.Image, () => NiftiFile.ReadImage(path, planned.Channel?.Index));
        var check = ImageCheck.Of(volume.Voxels, hounsfield: plan.Modality is { } modality && IntensityRules.Of(modality) == IntensityRule.Window);
        Take(planned.Image, check.Findings);
        return (volume, check);
    }

    private LabelPlace PlaceOf(NiftiHeader image, NiftiHeader label)
    {
        CheckSize(planned.Label!, label.Grid.Size);
        var place = LabelPlace.Find(image, label, options.GeometryTolerance)
            ?? throw new InvalidImageException(planned.Label!, LabelPlace.Difference(image, label, planned.Image, options.GeometryTolerance));
        Take(planned.Label!, label.Findings.Where(finding => !image.Findings.Contains(finding)));
        if (place.Note is { } note)
            _notes.Add(note);
        return place;
    }

    private void Take(string file, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
            _notes.Add(finding.Severity != Severity.Unusable ? file == planned.Label ? $"Label: {finding.Text}" : finding.Text
                : throw new InvalidImageException(file, finding.Text));
    }

    private void CheckSize(string file, Size3 size)
    {
        if (size.Count > options.MaxVoxels)
            throw new InvalidImageException(file, $"has {size} = {size.Count} voxels; at most {options.MaxVoxels} are possible (Ingest:MaxVoxels)");
    }

    /// <summary>
    /// The reader names the file where it lies on this machine; people know it by its name in the drop. Whatever else
    /// its content makes the reader do is this case's fault, too, and no other's.
    /// </summary>
    private static T Named<T>(string name, Func<T> read)
    {
        try
        {
            return Guarded(name, read);
        }
        catch (InvalidImageException e)
        {
            throw new InvalidImageException(name, e.Reason, e);
        }
    }

    /// <summary>The same for a reader that names files as the drop does.</summary>
    public static T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableFileException(name, e);
        }
        catch (OutOfMemoryException e)
        {
            throw new InvalidImageException(name, "it does not fit into this machine's memory; give Ingest more, or drop it smaller", e);
        }
        catch (Exception e) when (e is not (InvalidImageException or UnreadableFileException or OperationCanceledException))
        {
            throw new InvalidImageException(name, $"the reader failed on it ({e.GetType().Name}: {ShownText.Of(e.Message)})", e);
        }
    }
}
