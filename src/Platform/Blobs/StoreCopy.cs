namespace VerSemi.Platform.Blobs;

/// <param name="Blobs">How many were copied.</param>
/// <param name="Skipped">Links and names that are not UTF-8, which no store can open.</param>
public sealed record CopiedStore(int Blobs, long Bytes, IReadOnlyList<string> Skipped);

/// <summary>Copies one store to another, of whatever kind, while the first may be in use.</summary>
public static class StoreCopy
{
    private const int AtATime = 8;

    /// <summary>Lists the source once a pass, and copies the blobs of that pass. A blob that is deleted meanwhile is passed over.</summary>
    /// <param name="passOf">The pass of a path, from 0 to <paramref name="passes"/> - 1.</param>
    /// <exception cref="IOException">The copy is not whole: delete it and copy again.</exception>
    public static async Task<CopiedStore> RunAsync(IBlobStore from, IBlobStore to, int passes, Func<string, int> passOf, CancellationToken cancellation = default)
    {
        var (blobs, bytes, skipped) = (0, 0L, new List<string>());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation };
        for (var pass = 0; pass < passes; pass++)
        {
            var wanted = new List<BlobEntry>();
            await foreach (var blob in from.ListAsync("", cancellation))
                if (passOf(blob.Path) == pass)
                    wanted.Add(blob);
            skipped.AddRange(wanted.Where(CannotBeOpened).Select(blob => blob.Path));
            await Parallel.ForEachAsync(wanted.Where(blob => !CannotBeOpened(blob)), parallel, async (blob, stop) =>
            {
                if (await CopyAsync(from, to, blob.Path, stop) is not { } copied)
                    return;
                Interlocked.Increment(ref blobs);
                Interlocked.Add(ref bytes, copied);
            });
        }
        return new CopiedStore(blobs, bytes, skipped);
    }

    private static bool CannotBeOpened(BlobEntry blob) => blob.LinkTarget is not null || blob.IsUnreachable;

    private static async Task<long?> CopyAsync(IBlobStore from, IBlobStore to, string path, CancellationToken cancellation)
    {
        try
        {
            await using var content = await from.OpenReadAsync(path, cancellation);
            return (await to.WriteAsync(path, content, cancellation: cancellation)).Bytes;
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }
}
