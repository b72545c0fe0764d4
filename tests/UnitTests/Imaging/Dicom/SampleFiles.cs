using System.IO.Compression;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Imaging.Dicom;

/// <summary>The files that python3-pydicom and python3-nibabel ship, and why some of them are refused.</summary>
internal static class SampleFiles
{
    /// <summary>By the begin of the file's name: a part of the reason.</summary>
    private static readonly (string Name, string Reason)[] Refused =
    [
        ("DICOMDIR-nooffset", "declares 248 bytes"), ("DICOMDIR", "no pixel data"), ("IM0000", "no pixel data"), ("csa_slice_norm", "no pixel data"),
        ("ExplVR_BigEnd.dcm", "colour image"), ("ExplVR_", "no pixel data"), ("GDCMJ2K_TextGBR", "colour image"), ("SC_", "colour image"),
        ("JPEG-lossy", "JPEG Extended (process 2 and 4)"), ("JPGExtended", "JPEG Extended (process 2 and 4)"),
        // Its codestream declares 4,292,730,882 tiles; GDCM refuses it, too.
        ("JPEG2000-embedded-sequence-delimiter", "JPEG 2000 stream is damaged"),
        ("MR_truncated", "(7FE0,0010) at byte 1500 declares 8192 bytes"), ("rtplan_truncated", "(300A,00B0)"),
        // One byte stands before its data set.
        ("no_meta.dcm", "no DICOM file"),
        // NumberOfFrames is "1A".
        ("badVR", "(0028,0008) at byte 1008"), ("meta_missing_tsyntax", "(0028,0010) is missing"), ("nested_priv_SQ", "(0028,0010) is missing"),
        ("UN_sequence", "no pixel data"), ("empty_charset_LEI", "no pixel data"), ("no_meta_group_length", "no pixel data"), ("priv_SQ", "no pixel data"), ("reportsi", "no pixel data"),
        ("rtplan", "no pixel data"), ("rtstruct", "no pixel data"), ("test-SR", "no pixel data"), ("waveform_ecg", "no pixel data"),
    ];

    /// <summary>GDCM 3.0.21 swaps the words of 32-bit pixels in big endian; the little-endian twin (without "_expb") agrees with us.</summary>
    public static string? TwinOf(string path) => Path.GetFileName(path).StartsWith("rtdose_expb", StringComparison.Ordinal) ? path.Replace("_expb", "", StringComparison.Ordinal) : null;

    /// <summary>Compressed ones are unpacked into the folder.</summary>
    public static IEnumerable<string> All(string folder)
    {
        var files = Directory.EnumerateFiles(DicomTools.PydicomFiles, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(DicomTools.NibabelFiles)).Order(StringComparer.Ordinal);
        foreach (var file in files)
            if (file.EndsWith(".dcm.gz", StringComparison.Ordinal) || file.EndsWith("zipMR.gz", StringComparison.Ordinal))
                yield return Unpacked(file, Path.Combine(folder, Path.GetFileNameWithoutExtension(file)));
            else if (Path.GetExtension(file) is ".dcm" or "" && Path.GetFileName(file) != "README")
                yield return file;
    }

    public static bool IsLossy(string path) => Path.GetFileName(path).Contains("jpeg", StringComparison.OrdinalIgnoreCase);

    public static string? RefusalOf(string path) =>
        Refused.FirstOrDefault(one => Path.GetFileName(path).StartsWith(one.Name, StringComparison.Ordinal)).Reason;

    private static string Unpacked(string file, string to)
    {
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var plain = File.Create(to);
        gzip.CopyTo(plain);
        return to;
    }
}
