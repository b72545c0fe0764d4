using System.Globalization;
using System.Text;

namespace VerSemi.Ingest.Drops;

/// <summary>Facts that the names of files tell: format, folder, channel suffix.</summary>
internal static class FileNames
{
    /// <summary>The way out for images in another format.</summary>
    public const string Conversion = "convert such files to NIfTI first, for example with SimpleITK: WriteImage(ReadImage(\"a.mha\"), \"a.nii.gz\")";

    private static readonly HashSet<string> OtherFormats = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mha", ".mhd", ".nrrd", ".nhdr", ".mgz", ".mgh", ".hdr", ".img", ".dcm", ".ima", ".mnc", ".vtk", ".h5", ".npy", ".npz", ".tif", ".tiff", ".png", ".jpg",
    };

    public static bool IsImage(string path) => Extension(path).Length > 0;

    /// <summary>".nii.gz" or ".nii", as it is spelt; empty for other files.</summary>
    public static string Extension(string path) =>
        path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase) ? path[^7..] : path.EndsWith(".nii", StringComparison.OrdinalIgnoreCase) ? path[^4..] : "";

    /// <summary>The extension of an image or volume in a format that is not read here, in lower case; null for all other files.</summary>
    public static string? OtherFormat(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return OtherFormats.Contains(Path.GetExtension(name)) ? Path.GetExtension(name).ToLowerInvariant() : null;
    }

    /// <summary>The name without folder and extension.</summary>
    public static string Stem(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var end = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return end.EndsWith(".nii", StringComparison.OrdinalIgnoreCase) ? end[..^4] : end;
    }

    /// <summary>Stands for a letter that Unicode writes in more than one way.</summary>
    public const char Composed = '\0';

    /// <summary>
    /// The name with one sign for each run of letters that are, or may be, composed: equal where two names differ in nothing else. Without
    /// ICU, which no image has, .NET cannot normalise text; so such names are told apart, and never taken for each other.
    /// </summary>
    public static string Skeleton(string path)
    {
        var skeleton = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
            if (char.IsAscii(path[i]) && (i + 1 == path.Length || char.GetUnicodeCategory(path[i + 1]) != UnicodeCategory.NonSpacingMark))
                skeleton.Append(path[i]);
            else if (skeleton.Length == 0 || skeleton[^1] != Composed)
                skeleton.Append(Composed);
        return skeleton.ToString();
    }

    /// <summary>nnU-Net's "case_0001" is channel 1 of "case"; null where there is no such suffix.</summary>
    public static (string Case, int Channel)? ChannelSuffix(string stem) =>
        stem.Length > 5 && stem[^5] == '_' && stem[^4..].All(char.IsAsciiDigit) ? (stem[..^5], int.Parse(stem[^4..])) : null;

    /// <summary>Whether a file lies in imagesTr, imagesTs or another folder named images….</summary>
    public static bool InImages(string path) => path.StartsWith("images", StringComparison.OrdinalIgnoreCase) && path.Contains('/');

    public static bool InLabels(string path) => path.StartsWith("labels", StringComparison.OrdinalIgnoreCase) && path.Contains('/');

    public static bool InSealedLabels(string path) => path.StartsWith("labelsTs/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The first of them, and how many more there are.</summary>
    public static string Some(IEnumerable<string> names, int most = 5)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(most)) + (all.Count > most ? $" and {all.Count - most} more" : "");
    }
}
