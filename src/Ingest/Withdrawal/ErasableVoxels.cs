using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>
/// Which voxel files and pictures of a dataset go: those of the withdrawn cases, except for a label that a case of some version that
/// stays has too (an empty mask, say), and those that no version names: what a cut-off or refused attempt left, of
/// whoever that may be. No drop is being taken in meanwhile, so nobody is about to name them.
/// </summary>
internal static class ErasableVoxels
{
    public static async Task<IReadOnlyList<string>> OfAsync(IBlobStore store, DatasetVersions dataset, WithdrawalRecord record, CancellationToken cancellation)
    {
        var kept = Kept(dataset, record).ToHashSet();
        var gone = record.Cases.SelectMany(found => Files(found.Image, found.Label)).ToHashSet();
        var isAffected = record.Cases.Any(found => found.Dataset == dataset.Name);
        var erasable = new List<string>();
        foreach (var folder in (string[])[BlobLayout.AllVoxels(dataset.Name), BlobLayout.AllThumbnails(dataset.Name)])
            await foreach (var entry in store.ListAsync(folder, cancellation))
                if (OfFile(entry.Path[folder.Length..]) is var hash && !kept.Contains(hash) && (isAffected || gone.Contains(hash)))
                    erasable.Add(entry.Path);
        return erasable;
    }

    /// <summary>The hash of the voxel file that a blob is, or is a picture of.</summary>
    private static string OfFile(string name) => name.Split('/', '.')[0];

    private static IEnumerable<string> Kept(DatasetVersions dataset, WithdrawalRecord record)
    {
        var cases = record.Cases.Where(found => found.Dataset == dataset.Name).Select(found => (found.Id, found.Image)).ToHashSet();
        return dataset.Entries.Where(entry => !cases.Contains((entry.Id, entry.Image))).SelectMany(entry => Files(entry.Image, entry.Label));
    }

    private static IEnumerable<string> Files(string image, string? label) => label is null ? [image] : [image, label];
}
