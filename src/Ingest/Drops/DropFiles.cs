using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Drops;

/// <summary>
/// What lies in a drop's folder, without having read any of it. Names starting with '_' (reports, markers) or '.' (what
/// desktops leave behind) are not part of the drop.
/// </summary>
/// <param name="Root">Where dataset.json lies, relative to the drop: "", or "folder/" where people dropped the folder itself.</param>
/// <param name="Files">By path relative to <paramref name="Root"/>.</param>
/// <param name="Unsafe">What is left out for its name: an image, or what cannot be opened, by path relative to the drop, with what is wrong.</param>
/// <param name="Links">Links of the file system, by path relative to the drop, with what they name.</param>
/// <param name="Fingerprint">Changes whenever a file comes, goes or is written again.</param>
/// <param name="Ready">The marker _READY is there.</param>
/// <param name="ReportTag">ETag of the drop's report; null where there is none.</param>
internal sealed record DropFiles(
    string Drop, string Root, IReadOnlyDictionary<string, BlobEntry> Files, IReadOnlyDictionary<string, string> Unsafe, IReadOnlyDictionary<string, string> Links, string Fingerprint, bool Ready, string? ReportTag)
{
    public const string DatasetJson = "dataset.json";

    /// <summary>What the fingerprint is of, by path relative to the drop.</summary>
    private IReadOnlyDictionary<string, BlobEntry> All { get; init; } = new Dictionary<string, BlobEntry>();

    public BlobEntry? Description => Files.GetValueOrDefault(DatasetJson);

    /// <summary>Whoever works at the drop holds it.</summary>
    public static string LeaseOf(string drop) => $"ingest/{drop}";

    public static async Task<DropFiles> ListAsync(IBlobStore store, string drop, CancellationToken cancellation)
    {
        var prefix = BlobLayout.Drop(drop);
        var files = new SortedDictionary<string, BlobEntry>(StringComparer.Ordinal);
        var (ready, collected, report) = (false, false, (string?)null);
        await foreach (var entry in store.ListAsync(prefix, cancellation))
        {
            var path = entry.Path.Length > prefix.Length ? entry.Path[prefix.Length..] : "";
            collected |= path == BlobLayout.CollectedMarker;
            ready |= path == BlobLayout.ReadyMarker || path.EndsWith("/" + BlobLayout.ReadyMarker, StringComparison.Ordinal);
            if (entry.Path == BlobLayout.DropReport(drop))
                report = entry.ETag;
            if (DropFingerprint.IsPart(path))
                files[path] = entry;
        }
        return collected ? Of(drop, [], ready: false, report) : Of(drop, files, ready, report);
    }

    /// <summary>The drop as it will be once these blobs are gone.</summary>
    public DropFiles Without(IReadOnlyCollection<string> blobs) =>
        Of(Drop, new SortedDictionary<string, BlobEntry>(All.Where(file => !blobs.Contains(file.Value.Path)).ToDictionary(), StringComparer.Ordinal), Ready, ReportTag);

    private static DropFiles Of(string drop, SortedDictionary<string, BlobEntry> files, bool ready, string? report)
    {
        var root = RootOf(files.Keys);
        var links = files.Where(file => file.Value.LinkTarget is not null).ToDictionary(file => file.Key, file => file.Value.LinkTarget!);
        var faulty = files.Where(file => !links.ContainsKey(file.Key) && !PathSegment.AreAll(file.Key)).ToDictionary();
        var below = files.Where(file => file.Key.StartsWith(root, StringComparison.Ordinal) && !links.ContainsKey(file.Key) && !faulty.ContainsKey(file.Key));
        return new DropFiles(drop, root, below.ToDictionary(file => file.Key[root.Length..], file => file.Value, StringComparer.Ordinal), FaultsOf(faulty), links, FingerprintOf(files), ready, report) { All = files };
    }

    /// <summary>What desktops leave behind may be called anything, and is nobody's loss.</summary>
    private static Dictionary<string, string> FaultsOf(Dictionary<string, BlobEntry> faulty) =>
        faulty.Where(file => file.Value.IsUnreachable || FileNames.IsImage(file.Key)).ToDictionary(file => file.Key, file => FaultOf(file.Key), StringComparer.Ordinal);

    private static string FaultOf(string path) =>
        path.Split('/').Select(part => (Name: part, Fault: PathSegment.FaultOf(part))).Where(part => part.Fault is not null)
            .Select(part => $"'{ShownText.Of(part.Name)}' {part.Fault}").FirstOrDefault() ?? "";

    private static string RootOf(SortedDictionary<string, BlobEntry>.KeyCollection paths)
    {
        if (paths.Contains(DatasetJson))
            return "";
        var nested = paths.Where(path => path.Split('/') is [_, DatasetJson]).ToList();
        if (nested.Count != 1)
            return "";
        var root = nested[0][..^DatasetJson.Length];
        // A README or the like beside it is no reason not to look into it; another image may be.
        return paths.All(path => path.StartsWith(root, StringComparison.Ordinal) || !FileNames.IsImage(path)) ? root : "";
    }

    private static string FingerprintOf(SortedDictionary<string, BlobEntry> files) =>
        DropFingerprint.Of(files.Select(file => (file.Key, file.Value.Bytes, file.Value.ETag)));
}
