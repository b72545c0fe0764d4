using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Service;

/// <summary>Keeps the tail of the log with the attempt, while it goes on and at its end.</summary>
internal sealed class AttemptLog(IBlobStore store, TimeProvider time, ILogger<AttemptLog> logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Until the work has ended or its lease is lost.</summary>
    public async Task KeepAsync(HeldLease lease, AttemptLines lines, CancellationToken ended)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ended, lease.Abandon);
        for (var written = -1L; !stop.IsCancellationRequested;)
        {
            await Task.Delay(Every, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested || lines.Count == written)
                continue;
            written = lines.Count;
            await WriteAsync(lease, lines, stop.Token);
        }
    }

    /// <summary>The log is for people: where it cannot be written, the work is not to suffer.</summary>
    public async Task WriteAsync(HeldLease lease, AttemptLines lines, CancellationToken cancellation)
    {
        try
        {
            await store.WriteTextAsync(BlobLayout.AttemptLog(lease.Run, lease.Attempt), lines.Text, cancellation: cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            if (!cancellation.IsCancellationRequested)
                logger.LogWarning("Run {Run}, attempt {Attempt}: the log could not be kept: {Reason}", lease.Run, lease.Attempt, e.Message);
        }
    }
}
