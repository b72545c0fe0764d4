using VerSemi.Domain;
using VerSemi.Domain.Catalogue;

namespace VerSemi.Ingest.Drops;

/// <summary>Pairs images with labels, by dataset.json's list or by the names of files and folders.</summary>
internal sealed class CaseFinder(DropFiles files, DatasetJson json, ChannelChoice channel)
{
    private readonly List<CaseReport> _quarantined = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, string> _sealedLabels = LabelsByStem(files, FileNames.InSealedLabels);

    /// <summary>The candidates, each id once: of two of one name the labelled one, then the first by path, stays.</summary>
    public DropPlan Plan(IEnumerable<PlannedCase> candidates)
    {
        var kept = new List<PlannedCase>();
        foreach (var same in candidates.Distinct().Where(IsNamedSafely).GroupBy(found => found.Id).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var ranked = same.OrderByDescending(found => found.Sealed).ThenBy(found => found.Label is null).ThenBy(found => found.Image, StringComparer.Ordinal).ToList();
            kept.Add(ranked[0]);
            foreach (var other in ranked.Skip(1))
                Quarantine(other.Id, other.Image == ranked[0].Image
                    ? $"{other.Image} is listed twice, with other labels or in two splits; the {RoleOf(ranked[0])} was kept"
                    : $"{other.Image} has the same case name as {ranked[0].Image}; rename one of them");
        }
        Remark(kept);
        // The planner knows the name.
        return new DropPlan { Dataset = "", Cases = kept, Quarantined = _quarantined, Notes = _notes };
    }

    /// <summary>A folder of images without a dataset.json: all of them are unlabelled.</summary>
    public IEnumerable<PlannedCase> Alone(IReadOnlyList<string> images)
    {
        var strip = AllFirstChannel(images);
        return images.Select(image => Case(IdOf(image, strip), image, null, false, fourD: false));
    }

    /// <summary>By the lists of dataset.json; images beside them, without a label, are unlabelled.</summary>
    public IEnumerable<PlannedCase> Listed()
    {
        var strip = !json.ChannelPerFile && AllFirstChannel([.. json.Cases!.SelectMany(listed => listed.Images)]);
        foreach (var listed in json.Cases!)
        {
            if (listed.Images.Count > 1 && listed.Images.Count <= channel.Index)
            {
                Quarantine(listed.Id ?? IdOf(listed.Images[0], strip), $"{listed.Images[0]}: {listed.Images.Count} images are listed, but channel {channel.Index} is to be taken");
                continue;
            }
            var image = listed.Images.Count > 1 ? listed.Images[channel.Index] : listed.Images[0];
            var id = listed.Id ?? IdOf(image, strip);
            var label = listed.Label ?? (listed.Test ? SealedLabelOf(id, image) : null);
            var isSealed = label is not null && (listed.Test || FileNames.InSealedLabels(label));
            yield return Case(id, image, label, isSealed, fourD: listed.Images.Count == 1 && !json.ChannelPerFile);
        }
        var leftOut = 0;
        var known = json.ListedFiles.ToHashSet();
        var trainingLabels = LabelsByStem(files, FileNames.InLabels);
        foreach (var found in ByFolder(known.Contains).Where(found => !known.Contains(found.Image)))
            if (found.Label is null && !trainingLabels.ContainsKey(found.Id))
                yield return found;
            else
                leftOut++;
        if (leftOut > 0)
            _notes.Add($"{leftOut} labelled image(s) were left out: dataset.json does not list them.");
    }

    /// <summary>By folders: images… with the label of the same name in labelsTr or labelsTs.</summary>
    public IEnumerable<PlannedCase> ByFolder(Func<string, bool>? skip = null)
    {
        var images = files.Files.Keys.Where(path => FileNames.IsImage(path) && FileNames.InImages(path) && skip?.Invoke(path) != true).Order(StringComparer.Ordinal).ToList();
        var strip = !json.ChannelPerFile && AllFirstChannel(images);
        var labels = LabelsByStem(files, path => FileNames.InLabels(path) && !FileNames.InSealedLabels(path));
        var withImage = new HashSet<string>();
        foreach (var group in images.GroupBy(image => (Folder: image.Split('/')[0], Id: IdOf(image, strip))))
        {
            withImage.Add(group.Key.Id);
            var image = json.ChannelPerFile && channel.Several ? group.FirstOrDefault(path => FileNames.ChannelSuffix(FileNames.Stem(path))?.Channel == channel.Index) : group.First();
            if (image is null)
            {
                Quarantine(group.Key.Id, $"{group.First()}: there is no file for channel {channel.Index} ({group.Key.Id}_{channel.Index:0000})");
                continue;
            }
            var inTest = group.Key.Folder.Equals("imagesTs", StringComparison.OrdinalIgnoreCase);
            var label = inTest ? SealedLabelOf(group.Key.Id, image) : labels.GetValueOrDefault(group.Key.Id) ?? SealedLabelOf(group.Key.Id, image);
            foreach (var one in json.ChannelPerFile ? [image] : group.ToArray())
                yield return Case(group.Key.Id, one, label, label is not null && FileNames.InSealedLabels(label), fourD: !json.ChannelPerFile);
        }
        if (skip is null)
            foreach (var (id, path) in labels.Concat(_sealedLabels).Where(label => !withImage.Contains(label.Key)))
                Quarantine(id, $"{path}: there is no image for this label");
    }

    private PlannedCase Case(string id, string image, string? label, bool isSealed, bool fourD) =>
        new(id, json.Versemi.Patients.GetValueOrDefault(id, id), image, label, isSealed, fourD && channel.Several ? channel : null);

    private void Quarantine(string id, string reason) => _quarantined.Add(new CaseReport(id, null, reason, []));

    private bool IsNamedSafely(PlannedCase found)
    {
        if (PathSegment.FaultOf(found.Id) is not { } fault)
            return true;
        Quarantine(ShownText.Of(found.Id), $"{found.Image}: the case's name '{ShownText.Of(found.Id)}' {fault}; name it otherwise");
        return false;
    }

    private string? SealedLabelOf(string id, string image) =>
        _sealedLabels.GetValueOrDefault(id) ?? _sealedLabels.GetValueOrDefault(FileNames.Stem(image));

    private string IdOf(string image, bool strip)
    {
        var stem = FileNames.Stem(image);
        var suffix = FileNames.ChannelSuffix(stem);
        var named = strip || (json.ChannelPerFile && suffix?.Channel < Math.Max(1, Math.Max(channel.Declared, channel.Index + 1)));
        return named && suffix is { } found ? found.Case : stem;
    }

    private void Remark(List<PlannedCase> kept)
    {
        if (channel.Declared > 1 && json.Versemi.Channel is null)
            _notes.Add($"The dataset has {channel.Declared} channels; channel 0 ('{json.Channels[0]}') was taken. 'versemi': {{'channel': n}} in dataset.json names another.");
        var labelled = kept.Count(found => found is { Label: not null, Sealed: false });
        if (json.Cases is null && json.NumTraining is { } said && said != labelled)
            _notes.Add($"dataset.json says numTraining {said}, but {labelled} labelled training cases are there.");
        var strangers = json.Versemi.Patients.Keys.Except(kept.Select(found => found.Id)).Order(StringComparer.Ordinal).ToList();
        if (strangers.Count > 0)
            _notes.Add($"'versemi.patients' names cases that are not in this drop: {string.Join(", ", strangers.Take(10).Select(name => ShownText.Of(name)))}{(strangers.Count > 10 ? ", …" : "")}.");
    }

    private static string RoleOf(PlannedCase found) => found.Sealed ? "sealed test case" : found.Label is null ? "unlabelled one" : "labelled one";

    /// <summary>In drops that are not nnU-Net's, "_0000" is a suffix only where every image has it: else it is a number.</summary>
    private static bool AllFirstChannel(IReadOnlyCollection<string> images) =>
        images.Count > 0 && images.All(image => FileNames.Stem(image).EndsWith("_0000", StringComparison.Ordinal));

    private static Dictionary<string, string> LabelsByStem(DropFiles files, Func<string, bool> where) =>
        files.Files.Keys.Where(path => FileNames.IsImage(path) && where(path)).Order(StringComparer.Ordinal)
            .GroupBy(FileNames.Stem).ToDictionary(group => group.Key, group => group.First());
}
