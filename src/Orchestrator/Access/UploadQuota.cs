using VerSemi.Domain;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Access;

/// <summary>There is no room for it: 413.</summary>
public sealed class QuotaExceededException(string message) : DomainException(message);

/// <summary>
/// How much may lie in incoming/. Counted as the bytes come in, so that an upload which does not say its length is broken
/// off in time. What others put there is seen at the next look, at most half a minute later.
/// </summary>
internal sealed class UploadQuota(IBlobStore blobs, AccessOptions options, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Use> _uses = [];

    private sealed class Use
    {
        public long Listed;
        public long Arriving;
        public long LookedAt;
    }

    /// <summary>Writes the file, if there is room for it.</summary>
    /// <param name="length">Null: its sender does not say.</param>
    /// <exception cref="QuotaExceededException">Nothing of it is left.</exception>
    public async Task WriteAsync(string drop, string blob, Stream content, long? length, Func<Task> before, CancellationToken cancellation)
    {
        var folders = new List<(string Folder, string What, long Most, Use Use)>();
        foreach (var (folder, what, most) in Quotas(drop))
            folders.Add((folder, what, most, await LookAsync(folder, cancellation)));
        var replaced = (await blobs.FindAsync(blob, cancellation))?.Bytes ?? 0;
        using var metered = new MeteredStream(content, bytes => Take(folders, bytes, replaced));
        try
        {
            Take(folders, 0, replaced - (length ?? 0));
            await before();
            await blobs.WriteAsync(blob, metered, cancellation: cancellation);
            Settle(folders, metered.Taken, metered.Taken - replaced);
        }
        catch
        {
            Settle(folders, metered.Taken, 0);
            throw;
        }
    }

    private IEnumerable<(string Folder, string What, long Most)> Quotas(string drop)
    {
        yield return (BlobLayout.Drop(drop), $"drop '{drop}'", options.Limits.DropBytes);
        if (options.Limits.IncomingBytes is { } most)
            yield return (BlobLayout.Incoming, "all drops together", most);
    }

    /// <param name="room">What the file that is replaced gives back; less than zero for what is still to come.</param>
    private void Take(List<(string Folder, string What, long Most, Use Use)> folders, int bytes, long room)
    {
        lock (_lock)
            foreach (var (_, what, most, use) in folders)
            {
                use.Arriving += bytes;
                if (use.Listed + use.Arriving - room > most)
                    throw new QuotaExceededException(
                        $"The quota of {what} is {most} bytes, of which {use.Listed + use.Arriving - bytes} are used: this file does not fit. Delete what is not needed, or let an administrator raise Access:Limits.");
            }
    }

    private void Settle(List<(string Folder, string What, long Most, Use Use)> folders, long arrived, long kept)
    {
        lock (_lock)
            foreach (var (_, _, _, use) in folders)
                (use.Arriving, use.Listed) = (use.Arriving - arrived, use.Listed + kept);
    }

    private async Task<Use> LookAsync(string folder, CancellationToken cancellation)
    {
        lock (_lock)
            if (_uses.TryGetValue(folder, out var known) && time.GetElapsedTime(known.LookedAt) < LookAgain)
                return known;
        var (looked, bytes) = (time.GetTimestamp(), 0L);
        await foreach (var entry in blobs.ListAsync(folder, cancellation))
            bytes += entry.Bytes;
        lock (_lock)
        {
            foreach (var old in _uses.Where(pair => pair.Key != folder && pair.Value.Arriving == 0 && time.GetElapsedTime(pair.Value.LookedAt) > LookAgain).Select(pair => pair.Key).ToList())
                _uses.Remove(old);
            if (!_uses.TryGetValue(folder, out var use))
                _uses[folder] = use = new Use();
            (use.Listed, use.LookedAt) = (bytes, looked);
            return use;
        }
    }
}
