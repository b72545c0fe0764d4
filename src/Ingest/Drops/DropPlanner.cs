using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Ingest.Dicom;
using VerSemi.Ingest.Withdrawal;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Drops;

/// <summary>Reads a drop's dataset.json, compares it with the files, and says what there is to do or everything that is wrong.</summary>
internal static class DropPlanner
{
    private const int NamedFiles = 20;
    private const int LongestShown = 300;

    /// <exception cref="DropRefusedException">With every fault of the drop as a whole.</exception>
    public static async Task<DropPlan> PlanAsync(IBlobStore store, DropFiles files, IngestOptions options, Tombstones withdrawn, CancellationToken cancellation)
    {
        var errors = new List<string>();
        foreach (var (path, target) in files.Links.Take(NamedFiles))
            errors.Add($"{(path.Length == 0 ? "The drop" : ShownText.Of(path, LongestShown))} is a link to '{ShownText.Of(target, LongestShown)}'; a drop holds the files themselves: copy the file into its place.");
        if (files.Links.Count > NamedFiles)
            errors.Add($"{files.Links.Count - NamedFiles} more files of the drop are links. Copy it with its files, for example by cp -rL.");
        if (files.Files.Count > options.MaxFiles)
            errors.Add($"The drop holds {files.Files.Count} files; at most {options.MaxFiles} are possible (Ingest:MaxFiles).");
        var json = await ReadJsonAsync(store, files, options, errors, cancellation);
        var plan = await PlanAsync(store, files, json, options, withdrawn, errors, cancellation);
        plan = plan is null ? null : Without(WithUnsafe(plan, files, options), withdrawn);
        return errors.Count == 0 && plan is not null ? plan : throw new DropRefusedException(errors);
    }

    /// <summary>What the drop would be taken for, whatever is wrong with it; no plan where nothing can be made of it.</summary>
    public static async Task<(DatasetJson? Json, DropPlan? Plan)> LookAsync(IBlobStore store, DropFiles files, IngestOptions options, CancellationToken cancellation)
    {
        var faults = new List<string>();
        var json = await ReadJsonAsync(store, files, options, faults, cancellation);
        return (json, await PlanAsync(store, files, json, options, Tombstones.None, faults, cancellation));
    }

    private static async Task<DropPlan?> PlanAsync(IBlobStore store, DropFiles files, DatasetJson? json, IngestOptions options, Tombstones withdrawn, List<string> errors, CancellationToken cancellation) =>
        files.Files.Count <= options.MaxFiles && await DicomPlanner.IsDicomAsync(store, files, cancellation)
            ? await new DicomPlanner(store, files, options, errors).PlanAsync(cancellation)
            : Plan(files, json, Pseudonyms.Of(options), withdrawn, errors);

    private static DropPlan? Plan(DropFiles files, DatasetJson? json, Pseudonyms? names, Tombstones withdrawn, List<string> errors) =>
        (files.Description is null ? ImagesAlone(files, errors) : json is null ? null : Described(files, json, names, withdrawn, errors))?.Under(names);

    private static DropPlan WithUnsafe(DropPlan plan, DropFiles files, IngestOptions options)
    {
        var names = Pseudonyms.Of(options);
        var reports = files.Unsafe.Select(one => (Id: FileNames.Stem(one.Key), Reason: $"{ShownText.Of(one.Key, LongestShown)}: the name {one.Value}; rename it"));
        return files.Unsafe.Count == 0 ? plan : plan with
        {
            Quarantined = [.. plan.Quarantined, .. reports.Select(one => new CaseReport(names?.Of(one.Id) ?? ShownText.Of(one.Id), null, one.Reason, []))],
        };
    }

    private static DropPlan Without(DropPlan plan, Tombstones withdrawn)
    {
        var refused = plan.Cases.Select(planned => (planned.Id, Reason: withdrawn.ReasonOf(plan.Dataset, planned))).Where(one => one.Reason is not null).ToDictionary(one => one.Id, one => one.Reason);
        return refused.Count == 0 ? plan : plan with
        {
            Cases = [.. plan.Cases.Where(planned => !refused.ContainsKey(planned.Id))],
            Quarantined = [.. plan.Quarantined, .. refused.Select(one => new CaseReport(one.Key, null, one.Value, []))],
        };
    }

    /// <summary>Null where there is none or it is no JSON object; the errors say more.</summary>
    public static async Task<DatasetJson?> ReadJsonAsync(IBlobStore store, DropFiles files, IngestOptions options, List<string> errors, CancellationToken cancellation)
    {
        if (files.Description is not { } entry)
            return null;
        if (entry.Bytes > options.MaxDatasetJsonBytes)
        {
            errors.Add($"{DropFiles.DatasetJson}: it has {entry.Bytes} bytes; at most {options.MaxDatasetJsonBytes} are possible (Ingest:MaxDatasetJsonBytes).");
            return null;
        }
        var text = await UnreadableFileException.GuardAsync(DropFiles.DatasetJson, () => ReadAsync(store, entry, cancellation));
        return new DatasetJsonParser(errors).Parse(text) is { } json ? ListedFiles.Resolve(json, files) : null;
    }

    public static async Task<byte[]> ReadAsync(IBlobStore store, BlobEntry entry, CancellationToken cancellation)
    {
        await using var stream = await store.OpenReadAsync(entry.Path, cancellation);
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static DropPlan ImagesAlone(DropFiles files, List<string> errors)
    {
        var images = files.Files.Keys.Where(FileNames.IsImage).Order(StringComparer.Ordinal).ToList();
        if (files.Files.Keys.FirstOrDefault(path => path.EndsWith("/" + DropFiles.DatasetJson, StringComparison.OrdinalIgnoreCase)) is { } nested)
            errors.Add($"{DropFiles.DatasetJson} lies in '{ShownText.Of(nested, LongestShown)}', beside other images or deeper than one folder; drop the folder that holds it.");
        var layout = RawLayouts.Refusal(files);
        if (layout is not null && !images.Any(FileNames.InLabels))
            errors.Add(layout);
        else if (images.FirstOrDefault(path => path.Split('/').SkipLast(1).Any(folder => FileNames.InLabels(folder + "/"))) is { } label)
            errors.Add($"{label} is a label, but no {DropFiles.DatasetJson} says what its values mean; add one (a folder of unlabelled images needs none).");
        if (files.Files.Keys.FirstOrDefault(path => path.Equals(DropFiles.DatasetJson, StringComparison.OrdinalIgnoreCase)) is { } other)
            errors.Add($"The drop holds '{other}', but no {DropFiles.DatasetJson}: rename it, in lower case.");
        if (images.Count == 0 && files.Unsafe.Count == 0)
            errors.Add($"The drop holds neither a {DropFiles.DatasetJson} nor an image (.nii, .nii.gz or DICOM).{(OtherFormats(files) is { } found ? $" It holds {found}: {FileNames.Conversion}." : "")}");
        var finder = new CaseFinder(files, new DatasetJson(), new ChannelChoice(0, 1));
        return finder.Plan(finder.Alone(images)) with { Dataset = NameOf(files.Drop, null, errors) };
    }

    /// <summary>Images in formats that are not read, by extension; null where there is none.</summary>
    private static string? OtherFormats(DropFiles files)
    {
        var formats = files.Files.Keys.Select(FileNames.OtherFormat).OfType<string>().GroupBy(format => format).OrderBy(format => format.Key, StringComparer.Ordinal);
        return string.Join(", ", formats.Select(format => $"{format.Count()} {format.Key}")) is { Length: > 0 } found ? found : null;
    }

    private static DropPlan Described(DropFiles files, DatasetJson json, Pseudonyms? names, Tombstones withdrawn, List<string> errors)
    {
        var name = NameOf(files.Drop, json.Name, errors);
        CheckListed(files, json, IsGone(files, json, name, names, withdrawn), errors);
        var channel = ChannelOf(json, errors);
        var finder = new CaseFinder(files, json, channel);
        var plan = finder.Plan(json.Cases is null ? finder.ByFolder() : finder.Listed());
        var labels = LabelsOf(name, json, errors);
        if (labels.Count == 0 && plan.Cases.FirstOrDefault(planned => planned.Label is not null) is { } labelled)
            errors.Add($"{DropFiles.DatasetJson}: 'labels' names no foreground value, but {labelled.Label} is a label.");
        if (plan.Cases.Count == 0 && plan.Quarantined.Count == 0 && files.Unsafe.Count == 0)
            errors.Add($"{DropFiles.DatasetJson} is there, but no image (.nii or .nii.gz) in imagesTr or imagesTs.{(OtherFormats(files) is { } found ? $" There are {found}: {FileNames.Conversion}." : RawLayouts.Refusal(files) is { } layout ? " " + layout : "")}");
        if (finder.LabelsWithoutImage is { Count: > 0 } orphans && plan.Cases.All(planned => planned.Label is null))
            errors.Add($"Not one of the {orphans.Count} label file(s) has the name of an image, so all images would be unlabelled: {FileNames.Some(orphans)}. The label of imagesTr/⟨case⟩.nii.gz, or of imagesTr/⟨case⟩_0000.nii.gz, is labelsTr/⟨case⟩.nii.gz.");
        return plan with
        {
            Dataset = name,
            Title = json.Name,
            Modality = channel.Index < json.Channels.Count ? ModalityNames.Normalise(json.Channels[channel.Index]) : null,
            Channel = channel,
            Labels = labels,
            Replace = json.Versemi.Replace,
            HoldOutTest = json.Versemi.HoldOutTest,
            Notes = [.. json.Notes, .. ModalityNote(json, channel), .. plan.Notes],
            Licence = json.Licence,
            Consent = json.Versemi.Consent,
            Purpose = json.Versemi.Purpose,
            Description = json.Description,
            Reference = json.Reference,
        };
    }

    /// <summary>A listed file that need not be there: it was erased, or is of a case that may not come in.</summary>
    private static Func<string, bool> IsGone(DropFiles files, DatasetJson json, string dataset, Pseudonyms? names, Tombstones withdrawn)
    {
        if (!withdrawn.Any)
            return _ => false;
        var cases = (json.Cases ?? []).Where(listed => Names(listed).Any(name => withdrawn.IsCase(dataset, names?.Of(name) ?? name)));
        var gone = cases.SelectMany(listed => listed.Images.Append(listed.Label)).ToHashSet();
        return path => gone.Contains(path) || withdrawn.IsErased(BlobLayout.Drop(files.Drop) + files.Root + path);
    }

    private static IEnumerable<string> Names(ListedCase listed)
    {
        var stem = FileNames.Stem(listed.Images[0]);
        return new[] { listed.Id, stem, FileNames.ChannelSuffix(stem)?.Case }.OfType<string>();
    }

    private static IEnumerable<string> ModalityNote(DatasetJson json, ChannelChoice channel) =>
        channel.Index < json.Channels.Count && json.Channels[channel.Index] is var said && ModalityNames.Normalise(said) is { } taken && ModalityNames.IsSequence(said)
            ? [$"'{said}' is taken for the modality {taken}."] : [];

    private static void CheckListed(DropFiles files, DatasetJson json, Func<string, bool> isGone, List<string> errors)
    {
        var missing = json.ListedFiles.Distinct().Where(path => !isGone(path) && !files.Files.ContainsKey(path) && !files.Links.ContainsKey(files.Root + path)).ToList();
        foreach (var path in missing.Take(NamedFiles))
            errors.Add($"{DropFiles.DatasetJson} lists '{ShownText.Of(path, LongestShown)}', which is not in the drop."
                + (OtherwiseComposed(path, files) ? " A file of that name is, whose letters are composed differently (é as one character or as e and ´, as macOS writes it): rename it, or write its name as it is." : ""));
        if (missing.Count > NamedFiles)
            errors.Add($"{DropFiles.DatasetJson} lists {missing.Count - NamedFiles} more files that are not in the drop.");
        foreach (var path in json.ListedFiles.Where(path => !FileNames.IsImage(path)).Take(NamedFiles))
            errors.Add($"{DropFiles.DatasetJson} lists '{ShownText.Of(path, LongestShown)}'; .nii and .nii.gz are possible: {FileNames.Conversion}.");
    }

    private static bool OtherwiseComposed(string path, DropFiles files) =>
        FileNames.Skeleton(path) is var skeleton && skeleton.Contains(FileNames.Composed) && files.Files.Keys.Any(other => FileNames.Skeleton(other) == skeleton);

    public static string NameOf(string drop, string? said, List<string> errors)
    {
        var slug = Slug.Of(said ?? "") is { Length: > 0 } named ? named : Slug.Of(drop);
        if (slug.Length > Slug.MostLetters)
            errors.Add($"The dataset's name '{ShownText.Of(slug)}' has {slug.Length} letters; at most {Slug.MostLetters} are possible: give it a shorter 'name' in {DropFiles.DatasetJson}.");
        if (slug.Length == 0)
            errors.Add($"Neither the drop's name '{drop}' nor the name in {DropFiles.DatasetJson} has a letter a–z or a digit; give the dataset a 'name' that has.");
        return slug;
    }

    private static ChannelChoice ChannelOf(DatasetJson json, List<string> errors)
    {
        var index = json.Versemi.Channel ?? 0;
        if (index > 0 && json.Channels.Count > 0 && index >= json.Channels.Count)
            errors.Add($"{DropFiles.DatasetJson}: 'versemi.channel' is {index}, but the dataset declares {json.Channels.Count} channel(s), counted from 0.");
        return new ChannelChoice(index, json.Channels.Count > 0 ? json.Channels.Count : json.Versemi.Channel is null ? 1 : 0);
    }

    private static List<LabelDeclaration> LabelsOf(string dataset, DatasetJson json, List<string> errors)
    {
        foreach (var (value, id) in json.Versemi.Tasks)
        {
            if (!json.Labels.ContainsKey(value))
                errors.Add($"{DropFiles.DatasetJson}: 'versemi.tasks' gives value {value} the task '{ShownText.Of(id)}', but 'labels' does not name that value.");
            if (!Slug.IsTaskId(id))
                errors.Add($"{DropFiles.DatasetJson}: 'versemi.tasks.{value}' is '{ShownText.Of(id)}'; an id like 'dataset/label' is expected, lower-case letters, digits and '-', at most {Slug.MostLetters} each.");
        }
        var labels = json.Labels.Select(label =>
            new LabelDeclaration(label.Key, json.Versemi.Tasks.GetValueOrDefault(label.Key) ?? $"{dataset}/{Slug.Of(label.Value)}", label.Value)).ToList();
        foreach (var same in labels.GroupBy(label => label.TaskId).Where(group => group.Count() > 1))
            errors.Add($"{DropFiles.DatasetJson}: the values {string.Join(" and ", same.Select(label => label.Value))} are the same task, '{same.Key}'; give each structure one value.");
        return labels;
    }
}
