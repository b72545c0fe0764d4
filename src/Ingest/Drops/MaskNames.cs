using VerSemi.Domain;

namespace VerSemi.Ingest.Drops;

/// <summary>Whether the name of a file or of its folders says that it is a mask.</summary>
internal static class MaskNames
{
    private static readonly HashSet<string> Sayings =
    [
        "seg", "segs", "segm", "segmentation", "segmentations", "segmented", "dseg", "probseg", "aseg", "aparc", "wmparc", "mask", "masks", "msk",
        "label", "labels", "labelmap", "labelmaps", "lbl", "gt", "groundtruth", "truth", "annotation", "annotations", "annot", "roi", "rois", "contour", "contours",
    ];

    public static bool IsMask(string path)
    {
        var folder = path.LastIndexOf('/') + 1;
        return Words.Of(path[..folder] + FileNames.Stem(path)).Any(Sayings.Contains);
    }

    /// <summary>"case_01_seg" is a mask of "case_01"; null where the name does not end in such a word.</summary>
    public static string? CaseOf(string stem)
    {
        var at = stem.LastIndexOfAny(['_', '-', '.', ' ']);
        return at > 0 && Sayings.Contains(stem[(at + 1)..].ToLowerInvariant()) ? stem[..at] : null;
    }
}
