using VerSemi.Domain;

namespace VerSemi.DistributedKit.Rights;

/// <summary>
/// The least that a service's storage identity needs, by path prefixes in the container. In Azure: role assignments on
/// the container with a condition on the blob's path (docs/howto/distributed.md). Listing names is not restricted.
/// </summary>
/// <param name="Reads">Blobs whose content it may read.</param>
/// <param name="Writes">Blobs that it may write, delete and lease; it may read these, too.</param>
public sealed record StorageRights(string Service, IReadOnlyList<string> Reads, IReadOnlyList<string> Writes)
{
    private const string Withdrawals = BlobLayout.Withdrawals;

    /// <summary>Leases of the stores themselves.</summary>
    private const string Leases = ".store/";

    /// <summary>The only one that writes models. Drops, runs, imports and segmented images are deleted by age.</summary>
    public static StorageRights Orchestrator { get; } = new(
        "Orchestrator", [BlobLayout.Datasets, Withdrawals],
        [BlobLayout.Incoming, BlobLayout.AllRuns, BlobLayout.Imports, BlobLayout.Cycles, BlobLayout.AllModels, BlobLayout.Segmentations, BlobLayout.Scrubs]);

    public static StorageRights Ingest { get; } = new("Ingest", [], [BlobLayout.Incoming, BlobLayout.Datasets, Withdrawals, Leases]);

    public static StorageRights Trainer { get; } = new("GpuTrainer", [BlobLayout.Datasets, BlobLayout.AllModels, Withdrawals], [BlobLayout.AllRuns]);

    /// <summary>A trainer that segments.</summary>
    public static StorageRights Segmentation { get; } = new("GpuTrainer", [BlobLayout.AllModels], [BlobLayout.Segmentations]);

    public static IReadOnlyList<StorageRights> All { get; } = [Orchestrator, Ingest, Trainer, Segmentation];

    public bool MayRead(string path) => Within(Reads, path) || MayWrite(path);

    public bool MayWrite(string path) => Within(Writes, path);

    private static bool Within(IReadOnlyList<string> prefixes, string path) => prefixes.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal));
}
