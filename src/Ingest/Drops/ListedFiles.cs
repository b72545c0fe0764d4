namespace VerSemi.Ingest.Drops;

/// <summary>
/// Finds the files that a dataset.json lists where their names differ in ways that people do not see: upper and lower
/// case, nnU-Net's channel suffix.
/// </summary>
internal sealed class ListedFiles
{
    private readonly IReadOnlyDictionary<string, Platform.Blobs.BlobEntry> _files;
    private readonly ILookup<string, string> _alike;
    private int _withSuffix, _otherwiseSpelt;

    private ListedFiles(DropFiles files)
    {
        _files = files.Files;
        _alike = files.Files.Keys.ToLookup(Folded);
    }

    /// <summary>The same description, its lists naming the files of the drop. What is not found stays as it is.</summary>
    public static DatasetJson Resolve(DatasetJson json, DropFiles files)
    {
        if (json.Cases is null || json.ListedFiles.All(files.Files.ContainsKey))
            return json;
        var found = new ListedFiles(files);
        return json with { Cases = [.. json.Cases.Select(found.Resolve)], Notes = [.. json.Notes, .. found.Notes()] };
    }

    private ListedCase Resolve(ListedCase listed)
    {
        var images = listed.Images.Select(image => Find(image) ?? image).ToList();
        var label = listed.Label is null ? null : Find(listed.Label) ?? WithSuffix(listed.Label, 0) ?? listed.Label;
        return images is [var image] && !_files.ContainsKey(image) && Channels(image) is { Count: > 0 } channels
            ? listed with { Id = listed.Id ?? FileNames.Stem(image), Images = channels, Label = label }
            : listed with { Images = images, Label = label };
    }

    private List<string> Channels(string image)
    {
        var channels = new List<string>();
        while (WithSuffix(image, channels.Count) is { } channel)
            channels.Add(channel);
        return channels;
    }

    private string? WithSuffix(string path, int channel)
    {
        var extension = FileNames.Extension(path);
        var found = Find($"{path[..^extension.Length]}_{channel:0000}{extension}");
        _withSuffix += found is null ? 0 : 1;
        return found;
    }

    private string? Find(string path)
    {
        if (_files.ContainsKey(path))
            return path;
        if (_alike[Folded(path)].ToList() is not [var only])
            return null;
        _otherwiseSpelt++;
        return only;
    }

    private IEnumerable<string> Notes()
    {
        if (_withSuffix > 0)
            yield return $"dataset.json lists files without nnU-Net's channel suffix; {_withSuffix} file(s) with '_0000' and so on were taken for them.";
        if (_otherwiseSpelt > 0)
            yield return $"{_otherwiseSpelt} file(s) are spelt otherwise than in dataset.json (upper and lower case); they were taken for the listed ones.";
    }

    private static string Folded(string path) => path.ToUpperInvariant();
}
