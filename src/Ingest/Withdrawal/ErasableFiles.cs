using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Imaging.Geometry;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>A drop that holds something of what was withdrawn.</summary>
/// <param name="Erase">Paths of the blobs.</param>
internal sealed record AffectedDrop(DropFiles Files, IReadOnlyList<string> Erase);

/// <summary>
/// Finds what drops hold of withdrawn cases: by the case's name (its image in every channel, its label), and by content,
/// whatever the file's name, folder and header. Files of other cases are safe from a likeness of names or masks.
/// </summary>
/// <param name="images">Hashes of the withdrawn images' voxels.</param>
/// <param name="labels">Hashes of the withdrawn labels' voxels.</param>
/// <param name="sizes">Of the withdrawn images: other files are not read further than their header.</param>
internal sealed class ErasableFiles(
    IBlobStore store, IngestOptions options, WithdrawCases request, IReadOnlyList<WithdrawnCase> cases, IReadOnlySet<string> images, IReadOnlySet<string> labels, IReadOnlySet<Size3> sizes)
{
    public async Task<AffectedDrop?> OfAsync(string drop, CancellationToken cancellation)
    {
        var files = await DropFiles.ListAsync(store, drop, cancellation);
        var (json, plan) = await DropPlanner.LookAsync(store, files, options, cancellation);
        var (named, others) = await SortAsync(files, json, plan, cancellation);
        var otherLabels = (plan?.Cases ?? []).Select(planned => planned.Label).OfType<string>().Where(others.Contains).ToHashSet();
        var erase = new List<string>();
        var prefix = BlobLayout.Drop(drop);
        await foreach (var entry in store.ListAsync(prefix, cancellation))
            if (IsOpenable(entry) && entry.Path.StartsWith(prefix, StringComparison.Ordinal) && !IsOurs(entry.Path[prefix.Length..], files)
                && await IsErasableAsync(entry.Path, Relative(entry.Path[prefix.Length..], files), plan?.Dataset, named, others, otherLabels, cancellation))
                erase.Add(entry.Path);
        return erase.Count == 0 ? null : new AffectedDrop(files, erase);
    }

    /// <summary>A link or a name that leads nowhere; nothing of that kind was ever taken in.</summary>
    private static bool IsOpenable(BlobEntry entry) => entry is { LinkTarget: null, IsUnreachable: false } && !entry.Path.Contains('\\');

    private async Task<bool> IsErasableAsync(string blob, string path, string? dataset, HashSet<string> named, HashSet<string> others, HashSet<string> otherLabels, CancellationToken cancellation)
    {
        if (named.Contains(path) || (!others.Contains(path) && IsNamedLike(path, dataset)))
            return true;
        return await HoldsAsync(blob, otherLabels.Contains(path) ? new HashSet<string>() : labels, cancellation);
    }

    private async Task<bool> HoldsAsync(string blob, IReadOnlySet<string> masks, CancellationToken cancellation)
    {
        await using (var content = await store.OpenReadAsync(blob, cancellation))
            if (VoxelContent.SizeOf(content) is not { } size || !sizes.Contains(size))
                return false;
        return VoxelContent.IsAny(await store.LocalCopyAsync(blob, cancellation), images, masks);
    }

    /// <summary>Files of the withdrawn cases as the drop has them, and files of its other cases.</summary>
    private async Task<(HashSet<string> Named, HashSet<string> Others)> SortAsync(DropFiles files, DatasetJson? json, DropPlan? plan, CancellationToken cancellation)
    {
        var (named, others) = (new HashSet<string>(), new HashSet<string>());
        foreach (var planned in plan?.Cases ?? [])
        {
            var own = (json?.Cases ?? []).Where(listed => listed.Images.Contains(planned.Image)).SelectMany(listed => listed.Images).Concat(planned.Files);
            var isWithdrawn = IsWithdrawn(plan!.Dataset, planned)
                || (files.Files.TryGetValue(planned.Image, out var image) && await HoldsAsync(image.Path, new HashSet<string>(), cancellation));
            (isWithdrawn ? named : others).UnionWith(own);
        }
        // Series of the patient that are no case hold the name as well.
        named.UnionWith((plan?.Owners ?? []).Where(owner => WithdrawnEntries.IsNamed(request, plan!.Dataset, owner.Series, owner.Patient) || IsNamed(null, owner.Series)).Select(owner => owner.File));
        named.ExceptWith(others);
        return (named, others);
    }

    private bool IsWithdrawn(string dataset, PlannedCase planned) =>
        WithdrawnEntries.IsNamed(request, dataset, planned.Id, planned.Patient) || IsNamed(planned.Dicom is null ? dataset : null, planned.Id);

    private bool IsNamed(string? dataset, string id) => cases.Any(found => found.Named && found.Id == id && (dataset is null || found.Dataset == dataset));

    private bool IsNamedLike(string path, string? dataset)
    {
        var stem = FileNames.Stem(path);
        return FileNames.IsImage(path) && (IsNamed(dataset, KnownAs(stem)) || (FileNames.ChannelSuffix(stem) is { } channel && IsNamed(dataset, KnownAs(channel.Case))));
    }

    private string KnownAs(string name) => Pseudonyms.Of(options)?.Of(name) ?? name;

    private static string Relative(string path, DropFiles files) => path.StartsWith(files.Root, StringComparison.Ordinal) ? path[files.Root.Length..] : path;

    private static bool IsOurs(string path, DropFiles files) =>
        path == BlobLayout.ReadyMarker || path.StartsWith("_report/", StringComparison.Ordinal) || path == files.Root + DropFiles.DatasetJson;
}
