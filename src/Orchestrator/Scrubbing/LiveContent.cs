using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Scrubbing;

/// <summary>
/// What the blobs below one dataset, line or run must hold. Control files are listed before the files that they name the hashes of, so that one
/// pass in the order of the paths knows what to expect.
/// </summary>
internal sealed class LiveContent(IBlobStore blobs, Pace pace)
{
    private readonly Dictionary<string, (string Sha256, string Owner)> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _required = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withdrawn = new(StringComparer.Ordinal);

    /// <summary>Part of last.json and best.json of a training's checkpoints.</summary>
    private sealed record NamedFile(string File, string Sha256);

    /// <summary>Takes in what a control file says, for a blob that was verified before an interruption.</summary>
    public async Task RecallAsync(string path, CancellationToken cancellation)
    {
        _seen.Add(path);
        try
        {
            if (IsControl(path))
                await LearnAsync(path, cancellation);
        }
        catch (Exception e) when (e is DamagedBlobException or BlobNotFoundException)
        {
            // It was reported before the interruption.
        }
    }

    /// <returns>What is wrong with the blob; null where it is whole, has no recorded hash, or was deleted meanwhile.</returns>
    public async Task<string?> FaultAsync(BlobEntry blob, CancellationToken cancellation)
    {
        _seen.Add(blob.Path);
        try
        {
            if (IsControl(blob.Path))
                await LearnAsync(blob.Path, cancellation);
            else
                await VerifyAsync(blob.Path, cancellation);
            return null;
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
        catch (DamagedBlobException e)
        {
            return e.Message;
        }
        catch (IOException e)
        {
            // One file that the disk cannot read, or the whole store? The second interrupts the verification.
            await blobs.ListFoldersAsync("", cancellation);
            return $"it cannot be read: {e.Message}";
        }
    }

    /// <summary>What a control file names and no blob was seen of; voxels that were withdrawn are no loss.</summary>
    public IEnumerable<(string Path, string Owner)> Missing() =>
        _required.Where(one => !_seen.Contains(one.Key) && !_withdrawn.Contains(HashInName(one.Key))).Select(one => (one.Key, one.Value));

    private static bool IsControl(string path) => path.EndsWith(".json", StringComparison.Ordinal);

    private async Task LearnAsync(string path, CancellationToken cancellation)
    {
        var (folder, name) = (path[..(path.LastIndexOf('/') + 1)], path[(path.LastIndexOf('/') + 1)..]);
        switch (name)
        {
            case "manifest.json":
                Expect(path, await ReadAsync<DatasetManifest>(path, cancellation));
                break;
            case "withdrawn.json":
                foreach (var tombstone in (await ReadAsync<WithdrawnCases>(path, cancellation)).Cases)
                    _withdrawn.UnionWith([tombstone.Image, tombstone.Label ?? tombstone.Image]);
                break;
            case BlobLayout.ModelFile:
                _expected[folder + BlobLayout.WeightsFile] = ((await ReadAsync<ModelManifest>(path, cancellation)).Weights, path);
                if (path.StartsWith(BlobLayout.AllModels, StringComparison.Ordinal))
                    _required[folder + BlobLayout.WeightsFile] = path;
                break;
            case "last.json" or "best.json":
                var named = await ReadAsync<NamedFile>(path, cancellation);
                _expected[folder + named.File] = (named.Sha256, path);
                break;
            case "candidate.json" or "champion.json":
                foreach (var (map, hash) in (await ReadAsync<EvaluationReport>(path, cancellation)).LabelMaps ?? new Dictionary<string, string>())
                    _expected[map] = (hash, path);
                break;
            default:
                await blobs.CheckJsonAsync(path, cancellation);
                break;
        }
        await pace.SpendAsync((await blobs.FindAsync(path, cancellation))?.Bytes ?? 0, cancellation);
    }

    private void Expect(string path, DatasetManifest manifest)
    {
        if (path != BlobLayout.DatasetManifest(manifest.Name, manifest.Version))
            throw new DamagedBlobException(path, $"its content is that of version {manifest.Version} of dataset '{manifest.Name}'");
        foreach (var entry in manifest.Cases)
            foreach (var hash in entry.Label is null ? [entry.Image] : new[] { entry.Image, entry.Label })
                _required[BlobLayout.Voxels(manifest.Name, hash)] = path;
    }

    private Task<T> ReadAsync<T>(string path, CancellationToken cancellation) => blobs.ReadJsonAsync<T>(path, DomainJson.Readable, cancellation);

    private async Task VerifyAsync(string path, CancellationToken cancellation)
    {
        if (ExpectedOf(path) is not { } expected || await HashAsync(path, cancellation) == expected)
            return;
        // Perhaps both were written anew since the control file was read.
        if (_expected.TryGetValue(path, out var known))
            await LearnAsync(known.Owner, cancellation);
        if (ExpectedOf(path) is { } again && await HashAsync(path, cancellation) is var actual && actual != again)
            throw new DamagedBlobException(path, again, actual);
    }

    /// <summary>By a control file, or by the name of voxels and pictures; null for logs and curves, of which no hash is recorded.</summary>
    private string? ExpectedOf(string path) =>
        _expected.TryGetValue(path, out var known) ? known.Sha256
        : path.StartsWith(BlobLayout.Datasets, StringComparison.Ordinal) && HashInName(path) is { Length: 64 } hash ? hash
        : null;

    private static string HashInName(string path) => path[(path.LastIndexOf('/') + 1)..].Split('.')[0];

    private async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var content = await blobs.OpenReadAsync(path, cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[1 << 18];
        for (int read; (read = await content.ReadAsync(block, cancellation)) > 0;)
        {
            hash.AppendData(block, 0, read);
            await pace.SpendAsync(read, cancellation);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
