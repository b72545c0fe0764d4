namespace VerSemi.Ingest.Drops;

/// <summary>
/// Label files by the case that they belong to: by the case's name, by the image's name, or by either with a channel
/// suffix or a word like "seg" behind it. Remembers which of them found a case.
/// </summary>
internal sealed class LabelIndex
{
    private readonly Dictionary<string, string> _byStem = [];
    private readonly Dictionary<string, string?> _byCase = [];
    private readonly HashSet<string> _taken = [];

    public LabelIndex(DropFiles files, Func<string, bool> where)
    {
        foreach (var path in files.Files.Keys.Where(path => FileNames.IsImage(path) && where(path)).Order(StringComparer.Ordinal))
        {
            Paths.Add(path);
            var stem = FileNames.Stem(path);
            _byStem.TryAdd(stem, path);
            // Two labels could belong to one case: neither is chosen.
            if (CaseOf(stem) is { } name && !_byCase.TryAdd(name, path))
                _byCase[name] = null;
        }
    }

    /// <summary>In ordinal order.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>Those that belong to no case so far.</summary>
    public IEnumerable<string> Untaken => Paths.Where(path => !_taken.Contains(path));

    public string? Find(string id, string image)
    {
        var found = _byStem.GetValueOrDefault(id) ?? _byStem.GetValueOrDefault(FileNames.Stem(image)) ?? _byCase.GetValueOrDefault(id);
        if (found is not null)
            _taken.Add(found);
        return found;
    }

    private static string? CaseOf(string stem) => FileNames.ChannelSuffix(stem)?.Case ?? MaskNames.CaseOf(stem);
}
