using VerSemi.Cli.Weights;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.Imaging.Nifti;

namespace VerSemi.Cli.Segmentation;

/// <summary>
/// What `versemi segment` is given: a NIfTI file as it is, or a DICOM series, converted to one beside. Only voxels and geometry of a
/// series go on from here, so a server never sees its headers.
/// </summary>
internal sealed class SegmentInput : IDisposable
{
    private readonly ScratchFolder? _scratch;

    private SegmentInput(string image, ScratchFolder? scratch = null) => (Image, _scratch) = (image, scratch);

    /// <summary>A NIfTI file.</summary>
    public string Image { get; }

    /// <summary>Of a series, as the model knows it; null for a NIfTI file.</summary>
    public string? Modality { get; private init; }

    /// <summary>Null for a NIfTI file.</summary>
    public SeriesFolder? Folder { get; private init; }
    public DicomVolume? Volume { get; private init; }

    /// <summary>Whole sentences.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <param name="series">Which of several volumes, counted from 1; null: the folder must hold one.</param>
    /// <exception cref="DomainException">There is nothing of the kind, or it makes no volume; the message says why.</exception>
    public static SegmentInput Open(string path, int? series)
    {
        if (!Directory.Exists(path) && !(File.Exists(path) && SeriesFolder.IsDicom(path)))
            return series is null ? new SegmentInput(path) : throw new UsageException($"--series chooses among the series of a DICOM folder; {path} is none.");
        // Derived images are taken: a person chose this folder.
        var folder = SeriesFolder.Read(path, allowDerived: true);
        var all = folder.Series();
        var volumes = all.SelectMany(one => one.Volumes.Select(volume => (Series: one, Volume: volume))).ToList();
        if (volumes.Count == 0)
            throw new DomainException($"{path} holds no DICOM series that makes a volume. {string.Join(' ', Reasons(folder, all).Take(5))}".TrimEnd());
        if (volumes.Count > 1 && series is null)
            throw new UsageException($"{path} holds {volumes.Count} volumes; choose one with --series:\n{string.Join('\n', volumes.Select((one, i) => $"  {i + 1}  {Line(one.Series, one.Volume)}"))}");
        if (series is < 1 || series > volumes.Count)
            throw new UsageException($"--series is {series}; 1 to {volumes.Count} is possible.");
        return Convert(path, folder, volumes[(series ?? 1) - 1]);
    }

    public void Dispose() => _scratch?.Dispose();

    private static SegmentInput Convert(string path, SeriesFolder folder, (DicomSeries Series, DicomVolume Volume) chosen)
    {
        var scratch = new ScratchFolder();
        try
        {
            var image = scratch[$"{Path.GetFileName(path.TrimEnd(Path.DirectorySeparatorChar))}.nii"];
            NiftiFile.Write(image, folder.ReadVolume(chosen.Series, chosen.Volume));
            return new SegmentInput(image, scratch)
            {
                Modality = ModalityNames.Normalise(chosen.Series.Entry.Modality),
                Folder = folder,
                Volume = chosen.Volume,
                Warnings = [.. chosen.Volume.Notes, .. chosen.Series.Refusals, .. folder.Damaged],
            };
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    private static IEnumerable<string> Reasons(SeriesFolder folder, IReadOnlyList<DicomSeries> all) =>
        all.SelectMany(one => one.Refusals.Concat(one.LeftOut.Select(left => $"{left.File}: {left.Reason}"))).Concat(folder.Damaged).DefaultIfEmpty("No file in it is a DICOM image.");

    private static string Line(DicomSeries series, DicomVolume volume) =>
        $"{series.Entry.Modality}, {volume.Grid.Size}, {ShownText.Of(series.Entry.Description)}, from {volume.Slices[0].File} on";
}
