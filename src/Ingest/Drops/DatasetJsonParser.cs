using System.Globalization;
using System.Text.Json;
using VerSemi.Domain;

namespace VerSemi.Ingest.Drops;

/// <summary>
/// Reads dataset.json of the Medical Segmentation Decathlon and of nnU-Net v2. The dialect is told by shape, member by
/// member: labels {"1": "name"} or {"name": 1}, "modality" or "channel_names", "training"/"test" lists, nnU-Net's
/// "dataset" list, or no list.
/// </summary>
internal sealed class DatasetJsonParser(List<string> errors)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] VersemiMembers = ["tasks", "patients", "channel", "replace", "holdOutTest", "consent", "purpose"];

    /// <summary>What people call what is no structure, in the languages that were met.</summary>
    private static readonly HashSet<string> BackgroundWords =
    [
        "background", "backgrd", "bg", "bgd", "bkg", "none", "nothing", "empty", "clear", "void", "null", "zero", "air", "outside", "exterior",
        "unlabeled", "unlabelled", "unlabel", "unknown", "other", "others", "hintergrund", "fond", "fondo", "sfondo", "achtergrond", "背景",
    ];

    private readonly JsonReading _read = new(errors);
    private readonly List<string> _notes = [];

    /// <summary>Null where it is no JSON object at all; otherwise what could be read, the rest is in the errors.</summary>
    public DatasetJson? Parse(ReadOnlyMemory<byte> bytes)
    {
        var text = JsonText.WithoutMark(bytes);
        if (JsonText.FaultOf(text.Span) is { } fault)
        {
            _read.Fault(fault);
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return Read(document.RootElement);
            _read.Fault("it holds no JSON object.");
        }
        catch (JsonException e)
        {
            _read.Fault(JsonText.FaultOf(e));
        }
        return null;
    }

    private DatasetJson Read(JsonElement root)
    {
        var perFile = root.TryGetProperty("channel_names", out _) || root.TryGetProperty("file_ending", out _);
        if (_read.Text(root, "file_ending") is { } ending && ending.ToLowerInvariant() is not (".nii.gz" or ".nii"))
            _read.Fault($"'file_ending' is '{ending}'; .nii.gz and .nii are possible: {FileNames.Conversion}, and name the new ending here.");
        return new DatasetJson
        {
            Name = _read.Name(root, "name"),
            Description = _read.Text(root, "description"),
            Reference = _read.Text(root, "reference"),
            Licence = _read.Text(root, "licence") ?? _read.Text(root, "license"),
            ChannelPerFile = perFile,
            Channels = Channels(root),
            Labels = Labels(root),
            Cases = Listed(root),
            NumTraining = _read.Number(root, "numTraining"),
            NumTest = _read.Number(root, "numTest"),
            Versemi = Versemi(root),
            Notes = _notes,
        };
    }

    private List<string> Channels(JsonElement root)
    {
        var member = root.TryGetProperty("channel_names", out _) ? "channel_names" : "modality";
        var names = new SortedDictionary<int, string>();
        foreach (var channel in _read.Members(root, member))
            if (_read.Whole(channel.Name, $"a channel of '{member}'") is { } index && _read.NameOf(channel.Value, $"channel {index}") is { } name)
                names[index] = name;
        if (names.Count > 0 && names.Keys.Last() != names.Count - 1)
            _read.Fault($"'{member}' numbers its channels {string.Join(", ", names.Keys)}; 0 to {names.Count - 1} is expected.");
        return [.. names.Values];
    }

    private SortedDictionary<int, string> Labels(JsonElement root)
    {
        var labels = new SortedDictionary<int, string>();
        foreach (var (value, name) in _read.Members(root, "labels").Select(Label).OfType<(int, string)>())
            if (!labels.TryAdd(value, name))
                _read.Fault($"'labels' names the value {value} twice, '{labels[value]}' and '{name}'.");
        if (labels.Remove(0, out var zero) && !Words.Of(zero).Any(BackgroundWords.Contains))
            _notes.Add($"dataset.json names the value 0 '{ShownText.Of(zero)}'. 0 is background, so this is no structure and is not trained on; where it is one, give it another value in the label files.");
        foreach (var (value, name) in labels.Where(label => label.Value.Contains('/')))
            _read.Fault($"label {value} is named '{ShownText.Of(name)}'; a name has no '/', which stands between dataset and label in a task's id.");
        foreach (var (value, name) in labels.Where(label => Slug.Of(label.Value).Length is 0 or > Slug.MostLetters))
            _read.Fault($"label {value} is named '{ShownText.Of(name)}'; a name needs a letter a–z or a digit, and has at most {Slug.MostLetters} of them.");
        return labels;
    }

    private (int, string)? Label(JsonProperty label)
    {
        if (label.Value.ValueKind == JsonValueKind.String && int.TryParse(label.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return _read.Whole(label.Name, "a value of 'labels'") is { } named ? (named, label.Value.GetString()!) : null;
        if (label.Name == "ignore")
            _read.Fault("'labels' declares an 'ignore' label: partly annotated volumes are not supported. "
                + "Remove the cases that hold it from labelsTr, which leaves them unlabelled, and remove 'ignore' from 'labels'.");
        else if (label.Value.ValueKind == JsonValueKind.Array && label.Value.GetArrayLength() != 1)
            _read.Fault($"label '{ShownText.Of(label.Name)}' is a region of several values, {ShownText.Of(label.Value.GetRawText())}: regions are not supported. "
                + "Name the structures that the label files hold, each with its one value; or make a dataset for each region, whose label files have one value for all of it.");
        else if (_read.Whole(WholeText(label.Value.ValueKind == JsonValueKind.Array ? label.Value[0] : label.Value), $"label '{ShownText.Of(label.Name)}'") is { } value)
            return (value, label.Name);
        return null;
    }

    /// <summary>Some tools write whole numbers as 1.0.</summary>
    private static string WholeText(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == Math.Floor(number) && number is >= 0 and <= ushort.MaxValue
        ? ((int)number).ToString(CultureInfo.InvariantCulture) : value.ToString();

    private List<ListedCase>? Listed(JsonElement root)
    {
        var training = _read.Items(root, "training");
        var test = _read.Items(root, "test");
        if (training is not null || test is not null)
            return [.. Entries(training, "training", false), .. Entries(test, "test", true)];
        return root.TryGetProperty("dataset", out var dataset) && dataset.ValueKind == JsonValueKind.Object
            ? [.. _read.Members(root, "dataset").Select(entry => Entry(entry.Value, $"'dataset.{ShownText.Of(entry.Name)}'", false, entry.Name)).OfType<ListedCase>()]
            : null;
    }

    private IEnumerable<ListedCase> Entries(IReadOnlyList<JsonElement>? items, string member, bool test) =>
        (items ?? []).Select((item, i) => Entry(item, $"'{member}[{i}]'", test, null)).OfType<ListedCase>();

    private ListedCase? Entry(JsonElement item, string where, bool test, string? id)
    {
        if (item.ValueKind == JsonValueKind.String)
            return _read.PathOf(item, where) is { } path ? new ListedCase(id, [path], null, test) : null;
        if (item.ValueKind != JsonValueKind.Object)
        {
            _read.Fault($"{where} is {ShownText.Of(item.GetRawText())}; a path, or an object with 'image' and 'label', is expected.");
            return null;
        }
        IReadOnlyList<JsonElement> images = item.TryGetProperty("images", out _) ? _read.Items(item, "images") ?? []
            : item.TryGetProperty("image", out var image) ? image.ValueKind == JsonValueKind.Array ? [.. image.EnumerateArray()] : [image] : [];
        if (images.Count == 0)
            _read.Fault($"{where} names no 'image'.");
        var paths = images.Select(value => _read.PathOf(value, $"{where}.image")).OfType<string>().ToList();
        var hasLabel = item.TryGetProperty("label", out var label) && label.ValueKind != JsonValueKind.Null;
        var labelPath = hasLabel ? _read.PathOf(label, $"{where}.label") : null;
        return paths.Count == 0 ? null : new ListedCase(id, paths, labelPath, test);
    }

    private VersemiSection Versemi(JsonElement root)
    {
        var members = _read.Members(root, "versemi").ToList();
        // A misspelt "patients" would let a patient into two splits.
        foreach (var unknown in members.Where(member => !VersemiMembers.Contains(member.Name)))
            _read.Fault($"'versemi.{ShownText.Of(unknown.Name)}' is unknown; possible are {string.Join(", ", VersemiMembers)}.");
        if (members.Count == 0)
            return new VersemiSection();
        var section = root.GetProperty("versemi");
        var tasks = new Dictionary<int, string>();
        foreach (var task in _read.Members(section, "tasks"))
            if (_read.Whole(task.Name, "a value of 'versemi.tasks'") is { } value && _read.TextOf(task.Value, $"'versemi.tasks.{value}'") is { } id)
                tasks[value] = id;
        var patients = new Dictionary<string, string>();
        foreach (var entry in _read.Members(section, "patients"))
            if (_read.NameOf(entry.Value, $"'versemi.patients.{ShownText.Of(entry.Name)}'") is { } patient)
                patients[entry.Name] = patient;
        return new VersemiSection
        {
            Tasks = tasks,
            Patients = patients,
            Channel = _read.Number(section, "channel"),
            Replace = _read.Flag(section, "replace"),
            HoldOutTest = _read.Flag(section, "holdOutTest"),
            Consent = _read.Text(section, "consent"),
            Purpose = _read.Text(section, "purpose"),
        };
    }
}
