using VerSemi.Imaging;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Labels;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.Imaging.Nifti;
using VerSemi.Ingest.Dicom;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Cases;

/// <summary>The files of a case on this machine: NIfTI as it was dropped, or made of DICOM into temporary files that go with this.</summary>
internal sealed class CaseFiles(IBlobStore store, WorkFolder work, DropFiles files) : IDisposable
{
    private readonly List<string> _made = [];
    private readonly List<string> _notes = [];

    /// <summary>What was noted while files were made of DICOM.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <exception cref="InvalidImageException">The file is empty, or no volume can be made of the series.</exception>
    public async Task<string> ImageAsync(PlannedCase planned, CancellationToken cancellation)
    {
        if (planned.Dicom is not { } dicom)
            return await CopyAsync(planned.Image, cancellation);
        var copies = await CopiesAsync(dicom.Files, cancellation);
        _notes.AddRange(dicom.Volume.Notes);
        return Made(path => NiftiFile.Write(path, CaseCheck.Guarded(planned.Image, () => new VolumeReader(name => copies[name]).Read(dicom.Volume, dicom.IsCt))));
    }

    /// <summary>Null where the case is unlabelled.</summary>
    /// <exception cref="InvalidImageException">The file is empty, or does not fit to its image.</exception>
    public async Task<string?> LabelAsync(PlannedCase planned, CancellationToken cancellation)
    {
        if (planned.Label is null || planned.Dicom is not { } dicom)
            return planned.Label is null ? null : await CopyAsync(planned.Label, cancellation);
        var map = new LabelMap(dicom.Volume);
        foreach (var (name, path) in await CopiesAsync(dicom.Labels.Select(label => label.File), cancellation))
            CaseCheck.Guarded(name, () => Read(dicom.Labels.First(label => label.File == name), path, dicom, map));
        RefuseOverlaps(planned.Label, dicom, map);
        _notes.AddRange(map.Notes.Select(note => $"Label: {note}"));
        return Made(path => NiftiFile.Write(path, map.Labels));
    }

    public void Dispose() => _made.ForEach(File.Delete);

    private static LabelMap Read(DicomEntry label, string path, DicomCase dicom, LabelMap map)
    {
        var file = DicomFile.Read(path, label.File);
        if (label.Kind == DicomKind.Segmentation)
            SegmentationReader.Read(file, dicom.Values, map);
        else
            StructureSetReader.Read(file, dicom.Values, map);
        return map;
    }

    private static void RefuseOverlaps(string label, DicomCase dicom, LabelMap map)
    {
        string Name(ushort value) => dicom.Values.First(one => one.Value == value).Key;
        foreach (var ((first, second), voxels) in map.Overlaps)
            throw new InvalidImageException(label, $"{voxels} voxels are marked both as '{Name(first)}' and as '{Name(second)}', and a label has one value a voxel. Drop the structures as two datasets, or correct them.");
    }

    private Task<string> CopyAsync(string name, CancellationToken cancellation) => files.Files[name] is { Bytes: > 0 } file
        ? UnreadableFileException.GuardAsync(name, () => store.LocalCopyAsync(file.Path, cancellation))
        // A pipe has no length either, and to open it would wait forever.
        : throw new InvalidImageException(name, "is empty: it ends inside its header");

    private async Task<IReadOnlyDictionary<string, string>> CopiesAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        var copies = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
            copies[name] = await CopyAsync(name, cancellation);
        return copies;
    }

    private string Made(Action<string> write)
    {
        var path = work.NewFile(".nii");
        _made.Add(path);
        write(path);
        return path;
    }
}
