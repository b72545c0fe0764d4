using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Scrubbing;

/// <summary>Reads everything that is live in the store, in the order of the paths, and compares it with the recorded hashes. Where it is interrupted it goes on from its record.</summary>
internal sealed class Scrubber(IBlobStore blobs, TimeProvider time)
{
    private const int MostFindings = 1000;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    /// <summary>In ordinal order. What people dropped, imports and images to be segmented have no recorded hashes, and go after their time.</summary>
    private static readonly string[] Live = [BlobLayout.Cycles, BlobLayout.Datasets, BlobLayout.AllModels, BlobLayout.AllRuns, BlobLayout.Withdrawals];

    private ScrubRecord _record = null!;
    private long _saved;

    /// <summary>To the end; then the record is the report.</summary>
    public async Task<ScrubRecord> RunAsync(ScrubRecord record, CancellationToken cancellation)
    {
        (_record, _saved) = (record, time.GetTimestamp());
        var pace = new Pace(record.MostMiBPerSecond, time);
        try
        {
            foreach (var prefix in Live)
                await VerifyAsync(prefix, record.After, pace, cancellation);
        }
        catch (OperationCanceledException)
        {
            await SaveAsync(CancellationToken.None);
            throw;
        }
        _record = _record with { FinishedAt = time.GetUtcNow() };
        await blobs.WriteJsonAsync(BlobLayout.ScrubReport, _record, DomainJson.Readable, cancellation: cancellation);
        await blobs.DeleteAsync(BlobLayout.ScrubProgress, cancellation);
        return _record;
    }

    private async Task VerifyAsync(string prefix, string after, Pace pace, CancellationToken cancellation)
    {
        var (item, content) = ("", new LiveContent(blobs, pace));
        await foreach (var blob in blobs.ListAsync(prefix, cancellation))
        {
            if (ItemOf(blob.Path) != item)
            {
                await NoteMissingAsync(content, cancellation);
                (item, content) = (ItemOf(blob.Path), new LiveContent(blobs, pace));
            }
            if (string.CompareOrdinal(blob.Path, after) > 0)
                await NoteAsync(blob, await content.FaultAsync(blob, cancellation), cancellation);
            else if (ItemOf(after) == item)
                await content.RecallAsync(blob.Path, cancellation);
        }
        await NoteMissingAsync(content, cancellation);
    }

    /// <summary>A dataset, a line or a run: no control file names a file of another one.</summary>
    private static string ItemOf(string path) => string.Join('/', path.Split('/').Take(2));

    private async Task NoteMissingAsync(LiveContent content, CancellationToken cancellation)
    {
        foreach (var (path, owner) in content.Missing())
            // A withdrawal may have erased it since it was listed as named.
            if (await blobs.FindAsync(path, cancellation) is null && await blobs.FindAsync(owner, cancellation) is not null)
                Add(new DamagedContent(path, $"Blob '{path}' is missing: '{owner}' names it."));
    }

    private async Task NoteAsync(BlobEntry blob, string? fault, CancellationToken cancellation)
    {
        _record = _record with { After = blob.Path, Blobs = _record.Blobs + 1, Bytes = _record.Bytes + blob.Bytes };
        if (fault is not null)
            Add(new DamagedContent(blob.Path, fault));
        if (time.GetElapsedTime(_saved) < SaveEvery && fault is null)
            return;
        await SaveAsync(cancellation);
        _saved = time.GetTimestamp();
    }

    private void Add(DamagedContent found) => _record = _record with
    {
        Damaged = _record.Damaged + 1,
        Findings = _record.Findings.Count < MostFindings ? [.. _record.Findings, found] : _record.Findings,
    };

    private async Task SaveAsync(CancellationToken cancellation) => await blobs.WriteJsonAsync(BlobLayout.ScrubProgress, _record, DomainJson.Readable, cancellation: cancellation);
}
