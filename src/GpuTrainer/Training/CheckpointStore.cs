using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>
/// Checkpoints of one run in the blob store: the file first, under a name that holds its content's hash, then the small
/// pointer. Kept are what last.json and best.json name; a pointer that is damaged, or whose file is gone or damaged, is passed over.
/// </summary>
public sealed class CheckpointStore(IBlobStore store, string run, string scratch, Action<string>? note = null)
{
    private const string Last = "last.json";
    private const string Best = "best.json";

    private CheckpointPointer? _best;

    /// <param name="write">Writes the checkpoint to the path that it is given, whole and flushed.</param>
    /// <param name="best">Set where these weights scored best so far.</param>
    public async Task SaveAsync(int attempt, int step, Action<string> write, bool last, ValidationScore? best, CancellationToken cancellation)
    {
        var folder = BlobLayout.Checkpoints(run, attempt);
        Directory.CreateDirectory(scratch);
        var local = Path.Combine(scratch, $"{run}-{attempt}.safetensors");
        try
        {
            write(local);
            var hash = await HashAsync(local, cancellation);
            var pointer = new CheckpointPointer(step, $"step-{step:D8}-{ContentHash.Abbreviate(hash)}.safetensors", hash);
            await using (var content = File.OpenRead(local))
                await store.WriteAsync(folder + pointer.File, content, cancellation: cancellation);
            if (best is not null)
                await store.WriteJsonAsync(folder + Best, _best = pointer with { Validation = best }, DomainJson.Readable, cancellation: cancellation);
            if (last)
                await store.WriteJsonAsync(folder + Last, pointer with { Best = _best ??= await BestAsync(folder, cancellation) }, DomainJson.Readable, cancellation: cancellation);
        }
        finally
        {
            File.Delete(local);
        }
        await SweepAsync(folder, cancellation);
    }

    /// <summary>The newest checkpoint of the attempts up to this one that can be read; null where there is none.</summary>
    public async Task<FoundCheckpoint?> FindNewestAsync(int attempt, CancellationToken cancellation)
    {
        var found = new List<(int Attempt, CheckpointPointer Pointer)>();
        for (var n = attempt; n >= 1; n--)
        {
            if (await TryReadAsync(BlobLayout.Checkpoints(run, n) + Last, cancellation) is { } last)
                found.Add((n, last));
            if (await BestAsync(BlobLayout.Checkpoints(run, n), cancellation) is { } best)
                found.Add((n, best));
        }
        return await FirstWholeAsync(found.OrderByDescending(p => p.Pointer.Step).ThenByDescending(p => p.Attempt), cancellation);
    }

    /// <summary>The checkpoint that scored best on validation in the attempts up to this one; null where there is none.</summary>
    public async Task<FoundCheckpoint?> FindBestAsync(int attempt, CancellationToken cancellation)
    {
        var found = new List<(int Attempt, CheckpointPointer Pointer)>();
        for (var n = attempt; n >= 1; n--)
            if (await BestAsync(BlobLayout.Checkpoints(run, n), cancellation) is { Validation: not null } best)
                found.Add((n, best));
        return await FirstWholeAsync(found.OrderByDescending(p => p.Pointer.Validation!.MeanDice).ThenBy(p => p.Pointer.Step), cancellation);
    }

    private async Task<CheckpointPointer?> BestAsync(string folder, CancellationToken cancellation) =>
        await TryReadAsync(folder + Best, cancellation) ?? (await TryReadAsync(folder + Last, cancellation))?.Best;

    private async Task<CheckpointPointer?> TryReadAsync(string path, CancellationToken cancellation)
    {
        var (pointer, _, damage) = await store.InspectJsonAsync<CheckpointPointer>(path, DomainJson.Readable, cancellation);
        if (damage is not null)
            note?.Invoke(damage.Message);
        return pointer;
    }

    private async Task<FoundCheckpoint?> FirstWholeAsync(IEnumerable<(int Attempt, CheckpointPointer Pointer)> pointers, CancellationToken cancellation)
    {
        foreach (var (attempt, pointer) in pointers)
        {
            var path = BlobLayout.Checkpoints(run, attempt) + pointer.File;
            try
            {
                return new FoundCheckpoint(attempt, pointer, await store.VerifiedCopyAsync(path, pointer.Sha256, cancellation));
            }
            catch (DamagedBlobException e)
            {
                note?.Invoke($"Checkpoint '{path}' is damaged: its SHA-256 is {e.Actual}, the recorded one is {e.Expected}. An older one is taken.");
            }
            catch (BlobNotFoundException)
            {
                note?.Invoke($"Checkpoint '{path}' is gone; taking an older one.");
            }
        }
        return null;
    }

    /// <summary>While a pointer is damaged all files stay: one of them is what it named.</summary>
    private async Task SweepAsync(string folder, CancellationToken cancellation)
    {
        var last = await store.InspectJsonAsync<CheckpointPointer>(folder + Last, DomainJson.Readable, cancellation);
        var best = await store.InspectJsonAsync<CheckpointPointer>(folder + Best, DomainJson.Readable, cancellation);
        if (last.Damage is not null || best.Damage is not null)
            return;
        var kept = new HashSet<string?> { last.Value?.File, best.Value?.File, _best?.File };
        await foreach (var blob in store.ListAsync(folder, cancellation))
            if (blob.Path.EndsWith(".safetensors", StringComparison.Ordinal) && !kept.Contains(blob.Path[folder.Length..]))
                await store.DeleteAsync(blob.Path, cancellation);
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
