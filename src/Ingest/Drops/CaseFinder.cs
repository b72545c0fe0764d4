using VerSemi.Domain;
using VerSemi.Domain.Catalogue;

namespace VerSemi.Ingest.Drops;

/// <summary>Pairs images with labels, by dataset.json's list or by the names of files and folders.</summary>
internal sealed class CaseFinder(DropFiles files, DatasetJson json, ChannelChoice channel)
{
    private readonly List<CaseReport> _quarantined = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _looked = [];
    private readonly List<string> _channelsLeft = [], _orphans = [];
    private readonly CaseNames _names = new(files, json, channel);
    private readonly LabelIndex _labels = new(files, path => FileNames.InLabels(path) && !FileNames.InSealedLabels(path));
    private readonly LabelIndex _sealedLabels = new(files, FileNames.InSealedLabels);

    /// <summary>Once planned: label files that belong to no image.</summary>
    public IReadOnlyList<string> LabelsWithoutImage => _orphans;

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
        _notes.AddRange(DropRemarks.Of(json, channel, kept));
        _notes.AddRange(DropRemarks.OfIgnored(files, _looked, _channelsLeft));
        // The planner knows the name.
        return new DropPlan { Dataset = "", Cases = kept, Quarantined = _quarantined, Notes = _notes };
    }

    /// <summary>A folder of images without a dataset.json: all of them are unlabelled. Files of one name in several folders are several cases.</summary>
    public IEnumerable<PlannedCase> Alone(IReadOnlyList<string> images)
    {
        var strip = CaseNames.AllFirstChannel(images);
        _looked.UnionWith(images);
        foreach (var same in images.GroupBy(image => _names.Of(image, strip)))
            foreach (var image in same)
                yield return Case(same.Count() == 1 || !image.Contains('/') ? same.Key : $"{FolderOf(image)}_{same.Key}", image, null, false, fourD: false);
    }

    /// <summary>By the lists of dataset.json; images beside them, without a label, are unlabelled.</summary>
    public IEnumerable<PlannedCase> Listed()
    {
        var strip = !json.ChannelPerFile && CaseNames.AllFirstChannel([.. json.Cases!.SelectMany(listed => listed.Images)]);
        _looked.UnionWith(json.ListedFiles);
        foreach (var listed in json.Cases!)
        {
            if (listed.Images.Count > 1 && listed.Images.Count <= channel.Index)
            {
                Quarantine(listed.Id ?? _names.Of(listed.Images[0], strip), $"{listed.Images[0]}: {listed.Images.Count} images are listed, but channel {channel.Index} is to be taken");
                continue;
            }
            var image = listed.Images.Count > 1 ? listed.Images[channel.Index] : listed.Images[0];
            var id = listed.Id ?? _names.Of(image, strip);
            var label = listed.Label ?? (listed.Test ? null : _labels.Find(id, image)) ?? _sealedLabels.Find(id, image);
            if (listed.Label is null && label is not null)
                _looked.Add(label);
            var isSealed = label is not null && (listed.Test || FileNames.InSealedLabels(label));
            yield return Case(id, image, label, isSealed, fourD: listed.Images.Count == 1 && !json.ChannelPerFile);
        }
        var leftOut = new List<string>();
        var known = json.ListedFiles.ToHashSet();
        foreach (var found in ByFolder(known.Contains).Where(found => !known.Contains(found.Image)))
            if ((found.Label ?? _labels.Find(found.Id, found.Image)) is null)
                yield return found;
            else
                leftOut.Add(found.Image);
        if (leftOut.Count > 0)
            _notes.Add($"{leftOut.Count} labelled image(s) were left out, because dataset.json does not list them: {FileNames.Some(leftOut)}.");
    }

    /// <summary>By folders: images… with the label of the same name in labelsTr or labelsTs.</summary>
    public IEnumerable<PlannedCase> ByFolder(Func<string, bool>? skip = null)
    {
        var images = files.Files.Keys.Where(path => FileNames.IsImage(path) && FileNames.InImages(path) && skip?.Invoke(path) != true).Order(StringComparer.Ordinal).ToList();
        var strip = !json.ChannelPerFile && CaseNames.AllFirstChannel(images);
        _looked.UnionWith(images);
        foreach (var group in images.GroupBy(image => (Folder: image.Split('/')[0], Id: _names.Of(image, strip))))
        {
            var inTest = group.Key.Folder.Equals("imagesTs", StringComparison.OrdinalIgnoreCase);
            var label = (inTest ? null : _labels.Find(group.Key.Id, group.First())) ?? _sealedLabels.Find(group.Key.Id, group.First());
            _channelsLeft.AddRange(group.Where(_names.IsUndeclared));
            var image = json.ChannelPerFile && channel.Several ? group.FirstOrDefault(path => FileNames.ChannelSuffix(FileNames.Stem(path))?.Channel == channel.Index) : group.First();
            if (image is null)
            {
                Quarantine(group.Key.Id, $"{group.First()}: there is no file for channel {channel.Index} ({group.Key.Id}_{channel.Index:0000})");
                continue;
            }
            foreach (var one in json.ChannelPerFile ? [image] : group.ToArray())
                yield return Case(group.Key.Id, one, label, label is not null && FileNames.InSealedLabels(label), fourD: !json.ChannelPerFile);
        }
        if (skip is null)
            ReportOrphans();
    }

    private bool IsNamedSafely(PlannedCase found)
    {
        if (PathSegment.FaultOf(found.Id) is not { } fault)
            return true;
        Quarantine(ShownText.Of(found.Id), $"{found.Image}: the case's name '{ShownText.Of(found.Id)}' {fault}; name it otherwise");
        return false;
    }

    private void ReportOrphans()
    {
        _looked.UnionWith(_labels.Paths.Concat(_sealedLabels.Paths));
        foreach (var path in _labels.Untaken.Concat(_sealedLabels.Untaken))
        {
            _orphans.Add(path);
            Quarantine(FileNames.Stem(path), $"{path}: there is no image for this label");
        }
    }

    private static string FolderOf(string image) => string.Join('_', image.Split('/').SkipLast(1));

    private PlannedCase Case(string id, string image, string? label, bool isSealed, bool fourD) =>
        new(id, json.Versemi.Patients.GetValueOrDefault(id, id), image, label, isSealed, fourD && channel.Several ? channel : null);

    private void Quarantine(string id, string reason) => _quarantined.Add(new CaseReport(id, null, reason, []));

    private static string RoleOf(PlannedCase found) => found.Sealed ? "sealed test case" : found.Label is null ? "unlabelled one" : "labelled one";
}
