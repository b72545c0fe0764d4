using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Imaging.Geometry;
using VerSemi.Ingest.Cases;
using VerSemi.Ingest.Commit;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>
/// Erases cases. While one works, no drop is taken in (the open record says so, and every drop's lease is held), so that
/// nothing can be committed that reads what is being erased. Cut off anywhere it is simply done again: the record and
/// the tombstones are written before what they tell of, and the voxels, by whose content files are found, go last.
/// </summary>
internal sealed class Withdrawer(
    IBlobStore store, DatasetCommitter committer, TombstoneFile tombstones, DropErasure drops, WorkFolder work, IOptions<IngestOptions> options, ILogger<Withdrawer> log)
{
    /// <returns>Null where a drop, or another withdrawal, is being worked at: to be asked again.</returns>
    /// <exception cref="IOException">The store or the disk failed: to be asked again.</exception>
    public async Task<WithdrawalRecord?> RunAsync(WithdrawCases request, CancellationToken cancellation)
    {
        var alone = await store.TryLeaseAsync("withdrawal", cancellation);
        if (alone is null)
            return null;
        await using var leases = new Leases([alone]);
        // A damaged record is no record: done again, it says the same.
        var done = await store.InspectJsonAsync<WithdrawalRecord>(BlobLayout.Withdrawal(request.Withdrawal), DomainJson.Readable, cancellation);
        if (done.Value is null)
        {
            var open = await OpenAsync(request, cancellation);
            if (!await leases.TakeAllAsync(store, cancellation) || !await TryEraseAsync(open, leases, cancellation))
                return null;
        }
        await store.DeleteAsync(BlobLayout.OpenWithdrawal(request.Withdrawal), cancellation);
        return await store.ReadJsonAsync<WithdrawalRecord>(BlobLayout.Withdrawal(request.Withdrawal), DomainJson.Readable, cancellation);
    }

    /// <returns>False where a lease could not be renewed in time: whoever has it now may be at work.</returns>
    private async Task<bool> TryEraseAsync(WithdrawalRecord open, Leases leases, CancellationToken cancellation)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource([cancellation, .. leases.Lost]);
        try
        {
            await CloseAsync(await EraseAsync(open, held.Token), held.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<WithdrawalRecord> OpenAsync(WithdrawCases request, CancellationToken cancellation)
    {
        if (await store.InspectJsonAsync<WithdrawalRecord>(BlobLayout.OpenWithdrawal(request.Withdrawal), DomainJson.Readable, cancellation) is { Value: { } open })
            return open;
        var fresh = new WithdrawalRecord { Request = request };
        await KeepAsync(fresh, cancellation);
        return fresh;
    }

    private async Task<WithdrawalRecord> EraseAsync(WithdrawalRecord record, CancellationToken cancellation)
    {
        var datasets = await DatasetVersions.ReadAsync(store, cancellation);
        record = record with { Cases = WithdrawnEntries.Find(record.Request, datasets) };
        var contents = await VoxelsOfAsync(record, datasets, cancellation);
        foreach (var dataset in record.Cases.GroupBy(found => found.Dataset))
            await tombstones.AddAsync(dataset.Key, [.. Stones.Of(record.Request, dataset, datasets, contents.Images)], [], cancellation);
        record = record with { Versions = await CommitAsync(record, cancellation) };
        record = await EraseFilesAsync(record, contents, cancellation);
        return await EraseVoxelsAsync(record, datasets, cancellation);
    }

    private sealed record Contents(IReadOnlyDictionary<string, string> Images, IReadOnlySet<string> Labels, IReadOnlySet<Size3> Sizes);

    /// <summary>What voxels the canonical files hold, as far as they are there: images by their file's hash.</summary>
    private async Task<Contents> VoxelsOfAsync(WithdrawalRecord record, IReadOnlyList<DatasetVersions> datasets, CancellationToken cancellation)
    {
        var (images, labels) = (new Dictionary<string, string>(), new HashSet<string>());
        foreach (var found in record.Cases)
        {
            if (await TryReadAsync(found.Dataset, found.Image, VoxelContent.OfImage, cancellation) is { } image)
                images[found.Image] = image;
            if (found.Label is { } hash && await TryReadAsync(found.Dataset, hash, VoxelContent.OfLabel, cancellation) is { } voxels)
                labels.Add(voxels);
        }
        var known = record.Images.ToHashSet();
        // Of an earlier withdrawal: its voxels are gone, and files may have come back.
        foreach (var (image, voxels) in (await Tombstones.ReadAsync(store, cancellation)).VoxelsOf(known))
            images.TryAdd(image, voxels);
        var sizes = datasets.SelectMany(dataset => dataset.Entries).Where(entry => known.Contains(entry.Image)).Select(entry => new Size3(entry.Size[0], entry.Size[1], entry.Size[2]));
        return new Contents(images, labels, sizes.ToHashSet());
    }

    /// <summary>Null also where the file is damaged: a withdrawal does not fail for it, it only finds no copies by these voxels.</summary>
    private async Task<string?> TryReadAsync(string dataset, string hash, Func<Stream, string, string?> read, CancellationToken cancellation)
    {
        var path = BlobLayout.Voxels(dataset, hash);
        try
        {
            return await store.ReadVerifiedAsync(path, hash, content => read(content, path), cancellation);
        }
        catch (Exception e) when (e is BlobNotFoundException or DamagedBlobException)
        {
            return null;
        }
    }

    private async Task<SortedDictionary<string, string>> CommitAsync(WithdrawalRecord record, CancellationToken cancellation)
    {
        var (versions, images) = (new SortedDictionary<string, string>(StringComparer.Ordinal), record.Images.ToHashSet());
        foreach (var dataset in record.Cases.Select(found => found.Dataset).Distinct())
        {
            var named = record.Cases.Where(found => found.Named && found.Dataset == dataset).Select(found => found.Id).ToHashSet();
            if (await committer.WithoutAsync(dataset, entry => named.Contains(entry.Id) || images.Contains(entry.Image), record.Request, cancellation) is { } version)
                versions[dataset] = version;
        }
        return versions;
    }

    private async Task<WithdrawalRecord> EraseFilesAsync(WithdrawalRecord record, Contents contents, CancellationToken cancellation)
    {
        var finder = new ErasableFiles(store, options.Value, record.Request, record.Cases, contents.Images.Values.ToHashSet(), contents.Labels, contents.Sizes);
        foreach (var drop in await DropsAsync(cancellation))
            if (await finder.OfAsync(drop, cancellation) is { } affected)
            {
                record = await KeepAsync(record.And(affected.Erase), cancellation);
                if (record.Cases.Count > 0)
                    await tombstones.AddAsync(record.Cases[0].Dataset, [], [.. affected.Erase.Select(WithdrawnCases.OfFile)], cancellation);
                await drops.EraseAsync(affected, record.Request.Withdrawal, cancellation);
            }
        return record;
    }

    /// <summary>Another folder is said and left: nothing of it was ever taken in, nor is before it is renamed, and then the tombstones refuse it.</summary>
    private async Task<List<string>> DropsAsync(CancellationToken cancellation)
    {
        var folders = (await store.ListFoldersAsync(BlobLayout.Incoming, cancellation)).ToLookup(PathSegment.Is);
        foreach (var other in folders[false])
            log.LogWarning("'{Folder}' in incoming/ {Fault}: the withdrawal does not look into it. Look into it, and rename or delete it.", ShownText.Of(other), PathSegment.FaultOf(other));
        return [.. folders[true]];
    }

    private async Task<WithdrawalRecord> EraseVoxelsAsync(WithdrawalRecord record, IReadOnlyList<DatasetVersions> datasets, CancellationToken cancellation)
    {
        var erasable = new List<string>();
        foreach (var dataset in datasets)
            erasable.AddRange(await ErasableVoxels.OfAsync(store, dataset, record, cancellation));
        record = await KeepAsync(record.And(erasable), cancellation);
        foreach (var path in erasable)
            await store.DeleteAsync(path, cancellation);
        var erased = record.Erased.ToHashSet();
        await store.PurgeLocalCopiesAsync(erased.Contains, cancellation);
        work.ClearLeft();
        return record;
    }

    private async Task<WithdrawalRecord> KeepAsync(WithdrawalRecord record, CancellationToken cancellation)
    {
        await store.WriteJsonAsync(BlobLayout.OpenWithdrawal(record.Request.Withdrawal), record, DomainJson.Readable, cancellation: cancellation);
        return record;
    }

    private async Task CloseAsync(WithdrawalRecord record, CancellationToken cancellation) =>
        await store.WriteJsonAsync(BlobLayout.Withdrawal(record.Request.Withdrawal), record, DomainJson.Readable, cancellation: cancellation);

    /// <summary>Of every drop there is: whoever works at one ends first.</summary>
    private sealed class Leases(IEnumerable<IBlobLease> held) : IAsyncDisposable
    {
        private readonly List<IBlobLease> _held = [.. held];

        public IEnumerable<CancellationToken> Lost => _held.Select(lease => lease.Lost);

        public async Task<bool> TakeAllAsync(IBlobStore store, CancellationToken cancellation)
        {
            foreach (var drop in (await store.ListFoldersAsync(BlobLayout.Incoming, cancellation)).Where(PathSegment.Is))
                if (await store.TryLeaseAsync(DropFiles.LeaseOf(drop), cancellation) is { } lease)
                    _held.Add(lease);
                else
                    return false;
            return true;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var lease in _held)
                await lease.DisposeAsync();
        }
    }
}
