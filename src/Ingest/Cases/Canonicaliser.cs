using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging;
using VerSemi.Imaging.Checks;
using VerSemi.Imaging.Nifti;
using VerSemi.Imaging.Rendering;
using VerSemi.Ingest.Drops;
using VerSemi.Ingest.Withdrawal;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Cases;

/// <summary>
/// Checks a case and writes its image and label anew, under the hash of the new files: float32 and the smallest integer
/// type, sform and qform alike, nothing of the original headers. A case that fails leaves nothing behind.
/// </summary>
internal sealed class Canonicaliser(IBlobStore store, WorkFolder work)
{
    /// <param name="mayNotReplace">Told the case, the hash of its image and that of its scan: whether the dataset has another image of this case, which the drop may not replace.</param>
    public async Task<CaseOutcome> RunAsync(DropFiles files, DropPlan plan, PlannedCase planned, Tombstones withdrawn, Func<PlannedCase, string, string, bool> mayNotReplace, IngestOptions options, CancellationToken cancellation)
    {
        var (image, label) = (work.NewFile(".nii.gz"), work.NewFile(".nii.gz"));
        try
        {
            var accepted = await AcceptAsync(files, plan, planned, withdrawn, mayNotReplace, options, image, label, cancellation);
            return new CaseOutcome(accepted, null, accepted is null ? planned.Id : null);
        }
        catch (InvalidImageException e)
        {
            return new CaseOutcome(null, new CaseReport(planned.Id, null, e.Message, []));
        }
        finally
        {
            File.Delete(image);
            File.Delete(label);
        }
    }

    /// <returns>Null where the drop may not replace the image that the dataset has of this case.</returns>
    private async Task<CanonicalCase?> AcceptAsync(
        DropFiles files, DropPlan plan, PlannedCase planned, Tombstones withdrawn, Func<PlannedCase, string, string, bool> mayNotReplace, IngestOptions options, string canonicalImage, string canonicalLabel, CancellationToken cancellation)
    {
        var check = new CaseCheck(planned, plan, options);
        using var local = new CaseFiles(store, work, files);
        var image = await local.ImageAsync(planned, cancellation);
        var label = await local.LabelAsync(planned, cancellation);
        var grid = check.CheckHeaders(image, label);
        if (label is not null)
            NiftiFile.Write(canonicalLabel, check.ReadLabel(label, grid));
        var (found, voxels, scan, thumbnail) = WriteImage(check, planned, image, canonicalImage, withdrawn);

        var imageHash = await HashAsync(canonicalImage, cancellation);
        if ((withdrawn.ReasonOfContent(imageHash) ?? withdrawn.ReasonOfContent(voxels)) is { } reason)
            throw new InvalidImageException(planned.Image, reason);
        if (mayNotReplace(planned, imageHash, scan))
            return null;
        await StoreAsync(plan.Dataset, canonicalImage, imageHash, cancellation);
        await StoreThumbnailAsync(plan.Dataset, imageHash, thumbnail, cancellation);
        var labelHash = label is null ? null : await HashAsync(canonicalLabel, cancellation);
        if (labelHash is not null)
            await StoreAsync(plan.Dataset, canonicalLabel, labelHash, cancellation);
        var (x, y, z) = grid.Spacing;
        return new CanonicalCase(planned, imageHash, labelHash, [grid.Size.X, grid.Size.Y, grid.Size.Z], [x, y, z], found.Intensities, found.Lowest, [.. local.Notes, .. check.Notes]) { Scan = scan, Marked = check.Marked };
    }

    private static (ImageCheck Check, string Voxels, string Scan, byte[] Thumbnail) WriteImage(CaseCheck check, PlannedCase planned, string from, string to, Tombstones withdrawn)
    {
        var (volume, found) = check.ReadImage(from);
        if (planned.Label is null)
            MaskCheck.Check(planned.Image, volume.Voxels);
        NiftiFile.Write(to, volume);
        return (found, withdrawn.Any ? VoxelContent.Of(volume.Voxels) : "", ScanContent.Of(volume), Thumbnail.Of(volume));
    }

    /// <summary>In the place of one that was drawn otherwise, or is damaged.</summary>
    private async Task StoreThumbnailAsync(string dataset, string image, byte[] png, CancellationToken cancellation)
    {
        var path = BlobLayout.Thumbnail(dataset, image, ContentHash.Of(png));
        if (!await store.IsWholeAsync(path, ContentHash.Of(png), cancellation))
            await store.WriteAsync(path, new MemoryStream(png, writable: false), cancellation: cancellation);
        await foreach (var other in store.ListAsync(BlobLayout.Thumbnails(dataset, image), cancellation))
            if (other.Path != path)
                await store.DeleteAsync(other.Path, cancellation);
    }

    private static async Task<string> HashAsync(string file, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }

    private async Task StoreAsync(string dataset, string file, string hash, CancellationToken cancellation)
    {
        var path = BlobLayout.Voxels(dataset, hash);
        // A damaged blob under the same name is replaced: dropping a dataset again is a way to restore it.
        if (await store.IsWholeAsync(path, hash, cancellation))
            return;
        await using var content = File.OpenRead(file);
        await store.WriteAsync(path, content, cancellation: cancellation);
    }
}
