using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Dicom.Series;

/// <summary>The DICOM files of a folder on this machine, of any nesting; which they are is told by their content.</summary>
/// <param name="Entries">By path relative to the folder, in ordinal order.</param>
/// <param name="Damaged">What is wrong with files that begin like DICOM and cannot be read.</param>
public sealed record SeriesFolder(string Folder, IReadOnlyList<DicomEntry> Entries, IReadOnlyList<string> Damaged)
{
    /// <param name="path">A folder, or one file.</param>
    /// <param name="allowDerived">Also images that were computed from others.</param>
    public static SeriesFolder Read(string path, bool allowDerived)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;
        var files = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path];
        var (entries, damaged) = (new List<DicomEntry>(), new List<string>());
        foreach (var file in files.Order(StringComparer.Ordinal).Where(IsDicom))
            try
            {
                entries.Add(EntryReader.Read(DicomFile.ReadHeader(file, Path.GetRelativePath(folder, file)), allowDerived));
            }
            catch (InvalidImageException e)
            {
                damaged.Add(e.Message);
            }
        return new SeriesFolder(folder, entries, damaged);
    }

    public static bool IsDicom(string file)
    {
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        Span<byte> start = stackalloc byte[DicomFile.SniffedBytes];
        return DicomFile.IsDicom(start[..content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public IReadOnlyList<DicomSeries> Series() => SeriesAssembler.Assemble(Entries, 2, new VolumeReader(PathOf).Content);

    public Volume<float> ReadVolume(DicomSeries series, DicomVolume volume) => new VolumeReader(PathOf).Read(volume, series.Entry.Modality == "CT");
}
