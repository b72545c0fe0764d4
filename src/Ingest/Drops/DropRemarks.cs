using VerSemi.Domain;

namespace VerSemi.Ingest.Drops;

/// <summary>Remarks on a drop by its names alone: where it contradicts its dataset.json, and which of its files were ignored.</summary>
internal static class DropRemarks
{
    public static IEnumerable<string> Of(DatasetJson json, ChannelChoice channel, IReadOnlyCollection<PlannedCase> kept)
    {
        if (channel.Declared > 1 && json.Versemi.Channel is null)
            yield return $"The dataset has {channel.Declared} channels; channel 0 ('{json.Channels[0]}') was taken. 'versemi': {{'channel': n}} in dataset.json names another.";
        var labelled = kept.Count(found => found is { Label: not null, Sealed: false });
        if (json.NumTraining is { } said && said != labelled)
            yield return $"dataset.json says numTraining {said}, but {labelled} labelled training cases are there.";
        if (json.NumTest is { } test && json.Cases?.Count(listed => listed.Test) is { } listed && test != listed)
            yield return $"dataset.json says numTest {test}, but lists {listed} test cases.";
        if (WithoutLabel(kept) is { Count: > 0 } without && labelled > 0)
            yield return $"{without.Count} of {without.Count + labelled} training cases have no label file and are unlabelled now: {FileNames.Some(without)}.";
        var strangers = json.Versemi.Patients.Keys.Except(kept.Select(found => found.Id)).Order(StringComparer.Ordinal).ToList();
        if (strangers.Count > 0)
            yield return $"'versemi.patients' names cases that are not in this drop: {string.Join(", ", strangers.Take(10).Select(name => ShownText.Of(name)))}{(strangers.Count > 10 ? ", …" : "")}.";
    }

    /// <param name="looked">Files that became a case or have a reason of their own.</param>
    /// <param name="channels">Files of channels that dataset.json does not declare.</param>
    public static IEnumerable<string> OfIgnored(DropFiles files, IReadOnlySet<string> looked, IReadOnlyCollection<string> channels)
    {
        if (channels.Count > 0)
            yield return $"{channels.Count} file(s) of channels that dataset.json does not declare were ignored: {FileNames.Some(channels)}.";
        var images = files.Files.Keys.Where(path => FileNames.IsImage(path) && !looked.Contains(path)).Order(StringComparer.Ordinal).ToList();
        if (images.Count > 0)
            yield return $"{images.Count} NIfTI file(s) were ignored, since they are neither listed nor belong to a case in imagesTr or imagesTs: {FileNames.Some(images)}.";
        var others = files.Files.Keys.Where(path => FileNames.OtherFormat(path) is not null).Order(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
            yield return $"{others.Count} file(s) in other formats were ignored: {FileNames.Some(others)}; {FileNames.Conversion}.";
    }

    private static List<string> WithoutLabel(IEnumerable<PlannedCase> kept) =>
        [.. kept.Where(found => found.Label is null && found.Image.StartsWith("imagesTr/", StringComparison.OrdinalIgnoreCase)).Select(found => found.Id)];
}
