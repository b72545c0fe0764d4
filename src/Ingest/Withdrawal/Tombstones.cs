using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>What was withdrawn, of all datasets: a withdrawn image is not taken into another one either.</summary>
internal sealed class Tombstones
{
    private const string Reason = "it was withdrawn";

    private readonly List<(string Dataset, Tombstone Tombstone)> _all;
    private readonly HashSet<string> _files;
    private readonly Dictionary<string, Tombstone> _content = [];

    private Tombstones(List<(string Dataset, Tombstone)> all, HashSet<string> files)
    {
        (_all, _files) = (all, files);
        foreach (var (_, tombstone) in _all)
        {
            _content.TryAdd(tombstone.Image, tombstone);
            if (tombstone.ImageVoxels is { } voxels)
                _content.TryAdd(voxels, tombstone);
        }
    }

    public static Tombstones None { get; } = new([], []);

    public static async Task<Tombstones> ReadAsync(IBlobStore store, CancellationToken cancellation)
    {
        var all = new List<(string, Tombstone)>();
        var files = new HashSet<string>();
        foreach (var dataset in (await store.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is))
            if (await store.TryReadJsonAsync<WithdrawnCases>(BlobLayout.Withdrawn(dataset), DomainJson.Readable, cancellation) is { Value: var withdrawn })
            {
                all.AddRange(withdrawn.Cases.Select(tombstone => (dataset, tombstone)));
                files.UnionWith(withdrawn.Files);
            }
        return new Tombstones(all, files);
    }

    /// <summary>Whether images have to be compared with what was withdrawn.</summary>
    public bool Any => _all.Count > 0;

    /// <param name="path">Of the blob.</param>
    public bool IsErased(string path) => _files.Count > 0 && _files.Contains(WithdrawnCases.OfFile(path));

    public bool IsCase(string dataset, string id) => Find(dataset, id, patient: null) is not null;

    /// <summary>Why a case may not come in, by its names; null where it may.</summary>
    public string? ReasonOf(string dataset, PlannedCase planned) =>
        Find(dataset, planned.Id, planned.Patient) is { } tombstone ? $"{planned.Image}: {Words(tombstone)}" : null;

    /// <summary>Why an image may not come in, by the hash of its canonical file or of its voxels; null where it may.</summary>
    public string? ReasonOfContent(string hash) => _content.TryGetValue(hash, out var tombstone) ? $"holds an image of which {Words(tombstone)}" : null;

    public IEnumerable<(string Image, string Voxels)> VoxelsOf(IReadOnlySet<string> images) =>
        _all.Select(one => one.Tombstone).Where(one => one.ImageVoxels is not null && images.Contains(one.Image)).Select(one => (one.Image, one.ImageVoxels!));

    public static bool IsReason(string? quarantined) => quarantined?.Contains(Reason, StringComparison.Ordinal) == true;

    private static string Words(Tombstone tombstone) =>
        $"{Reason} (withdrawal {tombstone.Withdrawal}) and is not taken in again; delete the file from the drop";

    private Tombstone? Find(string dataset, string id, string? patient)
    {
        if (_all.Count == 0)
            return null;
        var (byCase, byPatient) = (WithdrawnCases.OfCase(dataset, id), patient is null ? null : WithdrawnCases.OfPatient(patient));
        return _all.FirstOrDefault(one =>
            one.Tombstone.Case == byCase
            || (one.Tombstone.Patient is { } gone && gone == byPatient && (one.Tombstone.Anywhere || one.Dataset == dataset))).Tombstone;
    }
}
