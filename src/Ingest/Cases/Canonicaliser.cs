using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging;
using VerSemi.Imaging.Nifti;
using VerSemi.Ingest.Drops;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Cases;

/// <summary>
/// Checks a case and writes its image and label anew, under the hash of the new files: float32 and the smallest integer
/// type, sform and qform alike, nothing of the original headers. A case that fails leaves nothing behind.
/// </summary>
internal sealed class Canonicaliser(IBlobStore store, WorkFolder work)
{
    public async Task<CaseOutcome> RunAsync(DropFiles files, DropPlan plan, PlannedCase planned, IngestOptions options, CancellationToken cancellation)
    {
        var (image, label) = (work.NewFile(".nii.gz"), work.NewFile(".nii.gz"));
        try
        {
            return new CaseOutcome(await AcceptAsync(files, plan, planned, options, image, label, cancellation), null);
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
        DropFiles files, DropPlan plan, PlannedCase planned, IngestOptions options, string canonicalImage, string canonicalLabel, CancellationToken cancellation)
    {
        var check = new CaseCheck(planned, plan, options);
        var image = await store.LocalCopyAsync(files.Files[planned.Image].Path, cancellation);
        var label = planned.Label is null ? null : await store.LocalCopyAsync(files.Files[planned.Label].Path, cancellation);
        var grid = check.CheckHeaders(image, label);
        if (label is not null)
            NiftiFile.Write(canonicalLabel, check.ReadLabel(label, grid));
        var smallest = WriteImage(check, image, canonicalImage);

        var imageHash = await StoreAsync(plan.Dataset, canonicalImage, cancellation);
        var labelHash = label is null ? null : await StoreAsync(plan.Dataset, canonicalLabel, cancellation);
        var (x, y, z) = grid.Spacing;
        return new CanonicalCase(planned, imageHash, labelHash, [grid.Size.X, grid.Size.Y, grid.Size.Z], [x, y, z], smallest, check.Notes);
    }

    private static float WriteImage(CaseCheck check, string from, string to)
    {
        var (volume, smallest) = check.ReadImage(from);
        NiftiFile.Write(to, volume);
        return smallest;
    }

    private async Task<string> StoreAsync(string dataset, string file, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(file);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        var path = BlobLayout.Voxels(dataset, hash);
        if (await store.FindAsync(path, cancellation) is null)
        {
            content.Position = 0;
            await store.WriteAsync(path, content, cancellation: cancellation);
        }
        return hash;
    }
}
