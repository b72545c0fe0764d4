namespace VerSemi.Ingest.Drops;

/// <summary>
/// Layouts of public datasets as they are downloaded, without a dataset.json. Their masks lie among their images, so they
/// are recognised and refused by name instead of being taken for unlabelled images.
/// </summary>
internal static class RawLayouts
{
    private const string WayOut =
        "Convert it to imagesTr/⟨case⟩_0000.nii.gz and labelsTr/⟨case⟩.nii.gz, one label file a case with one value a structure, and a dataset.json (docs/drops.md); " +
        "or drop its images alone, to use them unlabelled.";

    private static readonly string[] Sequences = ["flair", "t1", "t1ce", "t1c", "t1n", "t1gd", "t2", "t2f", "t2w"];

    /// <summary>In this order: a more special one before a more general one.</summary>
    private static readonly (string Name, Func<IReadOnlyList<DropImage>, DropImage?> Mask)[] Known =
    [
        ("TotalSegmentator", TotalSegmentator),
        ("KiTS", Kits),
        ("BraTS", Brats),
        ("BIDS", Bids),
        ("LiTS", Lits),
        ("ACDC", Acdc),
    ];

    /// <summary>Why these images cannot be taken as images alone; null where nothing says that one is a mask.</summary>
    public static string? Refusal(DropFiles files)
    {
        var images = files.Files.Keys.Where(FileNames.IsImage).Select(path => new DropImage(path)).ToList();
        foreach (var (name, find) in Known)
            if (find(images) is { } mask)
                return $"This is the layout of {name} as it is downloaded: {mask.Path} is a mask, not an image. {WayOut}";
        var named = images.Where(image => MaskNames.IsMask(image.Path)).Select(image => image.Path).Order(StringComparer.Ordinal).ToList();
        return named.Count == 0 ? null
            : $"{named.Count} file(s) are named like masks, not images: {FileNames.Some(named)}. {WayOut} Where they are images, rename them.";
    }

    /// <summary>s0001/ct.nii.gz beside s0001/segmentations/liver.nii.gz.</summary>
    private static DropImage? TotalSegmentator(IReadOnlyList<DropImage> images)
    {
        var scans = images.Where(image => image.Stem is "ct" or "mri" or "mr").Select(image => image.Folder).ToHashSet();
        return images.FirstOrDefault(image => image.Folder.EndsWith("segmentations/", StringComparison.Ordinal) && scans.Contains(image.Folder[..^"segmentations/".Length]));
    }

    /// <summary>case_00000/imaging.nii.gz beside case_00000/segmentation.nii.gz, or segmentations/ and instances/ of later years.</summary>
    private static DropImage? Kits(IReadOnlyList<DropImage> images)
    {
        var scans = images.Where(image => image.Stem == "imaging").Select(image => image.Folder).ToHashSet();
        return images.FirstOrDefault(image => image.Stem != "imaging" && scans.Any(folder => image.Path.StartsWith(folder, StringComparison.Ordinal)) && MaskNames.IsMask(image.Path));
    }

    /// <summary>A folder a case, with one file a sequence and one that ends in "seg".</summary>
    private static DropImage? Brats(IReadOnlyList<DropImage> images) => images
        .GroupBy(image => image.Folder).Where(folder => folder.Count(image => Sequences.Contains(image.Ending)) >= 2)
        .Select(folder => folder.FirstOrDefault(image => image.Ending == "seg")).FirstOrDefault(mask => mask is not null);

    private static DropImage? Bids(IReadOnlyList<DropImage> images) => !images.Any(image => IsOfSubject(image.Path)) ? null
        : images.FirstOrDefault(image => $"/{image.Folder}".Contains("/derivatives/", StringComparison.Ordinal))
            ?? images.FirstOrDefault(image => IsOfSubject(image.Path) && MaskNames.IsMask(image.Path));

    private static bool IsOfSubject(string path) => path.Split('/').SkipLast(1).Any(folder => folder.StartsWith("sub-", StringComparison.Ordinal));

    /// <summary>volume-0.nii beside segmentation-0.nii, perhaps in another folder.</summary>
    private static DropImage? Lits(IReadOnlyList<DropImage> images)
    {
        var volumes = images.Where(image => image.Stem.StartsWith("volume-", StringComparison.Ordinal)).Select(image => image.Ending).ToHashSet();
        return images.FirstOrDefault(image => image.Stem.StartsWith("segmentation-", StringComparison.Ordinal) && volumes.Contains(image.Ending));
    }

    /// <summary>patient001_frame01_gt.nii.gz.</summary>
    private static DropImage? Acdc(IReadOnlyList<DropImage> images) =>
        images.FirstOrDefault(image => image.Stem.StartsWith("patient", StringComparison.Ordinal) && image.Stem.Contains("_frame", StringComparison.Ordinal) && image.Ending == "gt");

    /// <summary>An image file of a drop.</summary>
    private sealed record DropImage(string Path)
    {
        /// <summary>With a slash at its end; empty for the drop itself.</summary>
        public string Folder { get; } = Path[..(Path.LastIndexOf('/') + 1)];
        public string Stem { get; } = FileNames.Stem(Path).ToLowerInvariant();

        /// <summary>The last part of the name, between '_' or '-' and the extension.</summary>
        public string Ending => Stem[(Stem.LastIndexOfAny(['_', '-']) + 1)..];
    }
}
