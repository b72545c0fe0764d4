using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>
/// Checkpoints of one run in the blob store: the file first, under a name that holds its content's hash, then the small
/// pointer. Kept are what last.json and best.json name; a pointer whose file is gone or damaged is passed over.
/// </summary>
public sealed class CheckpointStore(IBlobStore store, string run, string scratch, Action<string>? note = null)
{
    private const string Last = "last.json";
    private const string Best = "best.json";

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
                await store.WriteJsonAsync(folder + Best, pointer with { Validation = best }, DomainJson.Readable, cancellation: cancellation);
            if (last)
                await store.WriteJsonAsync(folder + Last, pointer, DomainJson.Readable, cancellation: cancellation);
        }
        finally
        {
            File.Delete(local);
        }
        await SweepAsync(folder, cancellation);
    }

    /// <summary>The newest checkpoint of the attempts up to this one that can be read; null where there is none.</summary>
    public async Task<FoundCheckpoint?> FindNewestAsync(int attempt, CancellationToken cancellation) =>
        await FirstWholeAsync((await PointersAsync(attempt, [Last, Best], cancellation)).OrderByDescending(p => p.Pointer.Step).ThenByDescending(p => p.Attempt), cancellation);

    /// <summary>The checkpoint that scored best on validation in the attempts up to this one; null where there is none.</summary>
    public async Task<FoundCheckpoint?> FindBestAsync(int attempt, CancellationToken cancellation) =>
        await FirstWholeAsync((await PointersAsync(attempt, [Best], cancellation)).Where(p => p.Pointer.Validation is not null)
            .OrderByDescending(p => p.Pointer.Validation!.MeanDice).ThenBy(p => p.Pointer.Step), cancellation);

    private async Task<List<(int Attempt, CheckpointPointer Pointer)>> PointersAsync(int attempt, string[] names, CancellationToken cancellation)
    {
        var found = new List<(int, CheckpointPointer)>();
        for (var n = attempt; n >= 1; n--)
            foreach (var name in names)
                if (await TryReadAsync(BlobLayout.Checkpoints(run, n) + name, cancellation) is { } pointer)
                    found.Add((n, pointer));
        return found;
    }

    private async Task<CheckpointPointer?> TryReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await store.TryReadJsonAsync<CheckpointPointer>(path, DomainJson.Readable, cancellation))?.Value;
        }
        catch (InvalidDataException e)
        {
            note?.Invoke(e.Message);
            return null;
        }
    }

    private async Task<FoundCheckpoint?> FirstWholeAsync(IEnumerable<(int Attempt, CheckpointPointer Pointer)> pointers, CancellationToken cancellation)
    {
        foreach (var (attempt, pointer) in pointers)
        {
            var path = BlobLayout.Checkpoints(run, attempt) + pointer.File;
            try
            {
                var local = await store.LocalCopyAsync(path, cancellation);
                if (await HashAsync(local, cancellation) == pointer.Sha256)
                    return new FoundCheckpoint(attempt, pointer, local);
                note?.Invoke($"Checkpoint '{path}' is damaged (its SHA-256 is not the recorded one); taking an older one.");
            }
            catch (BlobNotFoundException)
            {
                note?.Invoke($"Checkpoint '{path}' is gone; taking an older one.");
            }
        }
        return null;
    }

    private async Task SweepAsync(string folder, CancellationToken cancellation)
    {
        var kept = new HashSet<string?>();
        foreach (var name in new[] { Last, Best })
            kept.Add((await TryReadAsync(folder + name, cancellation))?.File);
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
