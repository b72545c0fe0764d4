using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging;
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
    public async Task<CaseOutcome> RunAsync(DropFiles files, DropPlan plan, PlannedCase planned, Tombstones withdrawn, IngestOptions options, CancellationToken cancellation)
    {
        var (image, label) = (work.NewFile(".nii.gz"), work.NewFile(".nii.gz"));
        try
        {
            return new CaseOutcome(await AcceptAsync(files, plan, planned, withdrawn, options, image, label, cancellation), null);
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

    private async Task<CanonicalCase> AcceptAsync(
        DropFiles files, DropPlan plan, PlannedCase planned, Tombstones withdrawn, IngestOptions options, string canonicalImage, string canonicalLabel, CancellationToken cancellation)
    {
        var check = new CaseCheck(planned, plan, options);
        var image = await store.LocalCopyAsync(files.Files[planned.Image].Path, cancellation);
        var label = planned.Label is null ? null : await store.LocalCopyAsync(files.Files[planned.Label].Path, cancellation);
        var grid = check.CheckHeaders(image, label);
        if (label is not null)
            NiftiFile.Write(canonicalLabel, check.ReadLabel(label, grid));
        var (smallest, voxels, thumbnail) = WriteImage(check, image, canonicalImage, withdrawn);

        var imageHash = await HashAsync(canonicalImage, cancellation);
        if ((withdrawn.ReasonOfContent(imageHash) ?? withdrawn.ReasonOfContent(voxels)) is { } reason)
            throw new InvalidImageException(planned.Image, reason);
        await StoreAsync(plan.Dataset, canonicalImage, imageHash, cancellation);
        await StoreThumbnailAsync(BlobLayout.Thumbnail(plan.Dataset, imageHash), thumbnail, cancellation);
        var labelHash = label is null ? null : await HashAsync(canonicalLabel, cancellation);
        if (labelHash is not null)
            await StoreAsync(plan.Dataset, canonicalLabel, labelHash, cancellation);
        var (x, y, z) = grid.Spacing;
        return new CanonicalCase(planned, imageHash, labelHash, [grid.Size.X, grid.Size.Y, grid.Size.Z], [x, y, z], smallest, check.Notes);
    }

    private static (float Smallest, string Voxels, byte[] Thumbnail) WriteImage(CaseCheck check, string from, string to, Tombstones withdrawn)
    {
        var (volume, smallest) = check.ReadImage(from);
        NiftiFile.Write(to, volume);
        return (smallest, withdrawn.Any ? VoxelContent.Of(volume.Voxels) : "", Thumbnail.Of(volume));
    }

    private async Task StoreThumbnailAsync(string path, byte[] png, CancellationToken cancellation)
    {
        if (await store.FindAsync(path, cancellation) is null)
            await store.WriteAsync(path, new MemoryStream(png, writable: false), cancellation: cancellation);
    }

    private static async Task<string> HashAsync(string file, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }

    private async Task StoreAsync(string dataset, string file, string hash, CancellationToken cancellation)
    {
        var path = BlobLayout.Voxels(dataset, hash);
        if (await store.FindAsync(path, cancellation) is not null)
            return;
        await using var content = File.OpenRead(file);
        await store.WriteAsync(path, content, cancellation: cancellation);
    }
}
