using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Ingest.Sweep;
using VerSemi.Platform.Hints;

namespace VerSemi.Ingest.Hints;

/// <summary>A file that came into a drop makes the sweep look at that drop now. Every other event is nothing to us.</summary>
/// <remarks>
/// What only Azure shows: that Event Grid delivers, its subscription's filter (subject begins with
/// /blobServices/default/containers/CONTAINER/blobs/incoming/, event type BlobCreated), and that an identity may read the queue.
/// </remarks>
internal sealed class BlobHints(IngestSweep sweep, IOptions<HookOptions> options) : IHintHandler
{
    private const string Containers = "/blobServices/default/containers/", Blobs = "/blobs/";

    public Task HandleAsync(string body, CancellationToken cancellation)
    {
        Take(StorageEvents.Parse(body));
        return Task.CompletedTask;
    }

    public void Take(IEnumerable<StorageEvent> events)
    {
        foreach (var one in events)
            if (one.Type == StorageEvent.BlobCreated && DropOf(one.Subject, options.Value.Container) is { } drop)
                sweep.Hint(drop);
    }

    /// <summary>Null where the subject is no file of a drop in this container.</summary>
    internal static string? DropOf(string subject, string container)
    {
        var prefix = $"{Containers}{container}{Blobs}{BlobLayout.Incoming}";
        if (!subject.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var path = subject[prefix.Length..];
        var end = path.IndexOf('/');
        return end > 0 ? path[..end] : null;
    }
}
