using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace VerSemi.Platform.Blobs.AzureStorage;

/// <summary>
/// A lease on an empty blob, renewed when a third of it is over. By this process's clock it is lost no later than by
/// the service's: its time runs from before the request that was granted.
/// </summary>
internal sealed class AzureLease : IBlobLease
{
    private readonly AzureContainer _container;
    private readonly BlockBlobClient _blob;
    private readonly BlobLeaseClient _lease;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;

    private AzureLease(AzureContainer container, BlockBlobClient blob, BlobLeaseClient lease, TimeSpan duration, long asked, TimeProvider clock)
    {
        (_container, _blob, _lease, _duration, _clock) = (container, blob, lease, duration, clock);
        _lost = new CancellationTokenSource(LeftOf(asked), clock);
        Lost = _lost.Token;
        _renewing = RenewAsync();
    }

    public CancellationToken Lost { get; }

    /// <returns>Null where another holds it.</returns>
    public static async Task<AzureLease?> TryTakeAsync(AzureContainer container, string name, TimeSpan duration, TimeProvider clock, CancellationToken cancellation)
    {
        var path = $"{BlobPath.Hidden}/leases/{BlobPath.LeaseName(name)}";
        var blob = container.Blob(path);
        var lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
        while (true)
        {
            var asked = clock.GetTimestamp();
            try
            {
                await container.CallAsync(path, AzureRight.Write, () => lease.AcquireAsync(duration, cancellationToken: cancellation), cancellation);
                return new AzureLease(container, blob, lease, duration, asked, clock);
            }
            catch (BlobConflictException)
            {
                return null;
            }
            catch (BlobNotFoundException)
            {
                await MakeAsync(container, blob, path, cancellation);
            }
        }
    }

    private static async Task MakeAsync(AzureContainer container, BlockBlobClient blob, string path, CancellationToken cancellation)
    {
        var absent = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = Azure.ETag.All } };
        try
        {
            await container.CallAsync(path, AzureRight.Write, () => blob.UploadAsync(Stream.Null, absent, cancellation), cancellation);
        }
        catch (BlobConflictException)
        {
            // Another taker made it.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            var pause = _duration / 3;
            while (!_lost.IsCancellationRequested)
            {
                await Task.Delay(pause, _clock, _stop.Token);
                pause = await TryRenewAsync() ? _duration / 3 : _duration / 12;
            }
        }
        catch (OperationCanceledException)
        {
            // Given back.
        }
    }

    /// <summary>False where a later try may succeed.</summary>
    private async Task<bool> TryRenewAsync()
    {
        var asked = _clock.GetTimestamp();
        try
        {
            await _container.CallAsync(_blob.Name, AzureRight.Write, () => _lease.RenewAsync(cancellationToken: _stop.Token), _stop.Token);
            if (LeftOf(asked) is { Ticks: > 0 } left)
                _lost.CancelAfter(left);
            return true;
        }
        catch (Exception e) when (e is BlobConflictException or BlobNotFoundException)
        {
            await _lost.CancelAsync();
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return false;
        }
    }

    private TimeSpan LeftOf(long asked) => TimeSpan.FromTicks(Math.Max(0, (_duration - _clock.GetElapsedTime(asked)).Ticks));

    /// <summary>Removes the blob, and with it the lease; where that fails the lease runs out by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _renewing;
        try
        {
            await _container.CallAsync(_blob.Name, AzureRight.Delete,
                () => _blob.DeleteAsync(conditions: new BlobRequestConditions { LeaseId = _lease.LeaseId }), CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or BlobConflictException or UnauthorizedAccessException or InvalidOperationException)
        {
        }
        _lost.Dispose();
        _stop.Dispose();
    }
}
