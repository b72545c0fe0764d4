namespace VerSemi.Ingest.Drops;

/// <summary>Which part of an image's name names its case: in nnU-Net's folders a channel suffix may stand behind it.</summary>
internal sealed class CaseNames
{
    private readonly bool _channelPerFile, _numbered;
    private readonly int _channels;
    private readonly HashSet<string> _labels;

    public CaseNames(DropFiles files, DatasetJson json, ChannelChoice channel)
    {
        _channelPerFile = json.ChannelPerFile;
        _channels = Math.Max(1, Math.Max(channel.Declared, channel.Index + 1));
        var images = files.Files.Keys.Where(FileNames.IsImage).ToList();
        _labels = [.. images.Where(FileNames.InLabels).Select(FileNames.Stem)];
        // "liver_0017" is a case and no channel where a label has the whole name.
        _numbered = images.Where(FileNames.InImages).Select(FileNames.Stem).Any(stem => FileNames.ChannelSuffix(stem)?.Channel >= _channels && _labels.Contains(stem));
    }

    /// <param name="strip">Every image ends in _0000.</param>
    public string Of(string image, bool strip)
    {
        var stem = FileNames.Stem(image);
        return FileNames.ChannelSuffix(stem) is { } suffix && (strip || IsChannel(suffix.Case, suffix.Channel)) ? suffix.Case : stem;
    }

    /// <summary>A file of a channel that dataset.json does not declare.</summary>
    public bool IsUndeclared(string image) =>
        FileNames.ChannelSuffix(FileNames.Stem(image)) is { } suffix && suffix.Channel >= _channels && IsChannel(suffix.Case, suffix.Channel);

    private bool IsChannel(string name, int channel) => _channelPerFile && !_numbered && (channel < _channels || _labels.Contains(name));

    /// <summary>In drops that are not nnU-Net's, "_0000" is a suffix only where every image has it: else it is a number.</summary>
    public static bool AllFirstChannel(IReadOnlyCollection<string> images) =>
        images.Count > 0 && images.All(image => FileNames.Stem(image).EndsWith("_0000", StringComparison.Ordinal));
}
