namespace VerSemi.Domain;

/// <summary>
/// The order in which a store that is being written to is copied: a blob that names others before the blobs that it names. Writers work
/// in the opposite order (write new, then point), so whatever a copied blob names exists when a later pass lists the store.
/// </summary>
public static class CopyOrder
{
    public const int Passes = 5;

    /// <summary>The pass, from 0, in which the blob is copied.</summary>
    public static int PassOf(string path) =>
        path.StartsWith(BlobLayout.Cycles, StringComparison.Ordinal) || IsReport(path) ? 0
        : Name(path) is "production.json" or "head.json" ? 1
        : path.Contains("/ledger/", StringComparison.Ordinal) || path.Contains("/commits/", StringComparison.Ordinal) ? 2
        : path.EndsWith(".json", StringComparison.Ordinal) ? 3
        : 4;

    /// <summary>A drop with a report is not examined again: the report must not be newer than the dataset's head.</summary>
    private static bool IsReport(string path) =>
        path.StartsWith(BlobLayout.Incoming, StringComparison.Ordinal) && path.Contains("/_report/", StringComparison.Ordinal);

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
