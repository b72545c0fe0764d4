using System.Security.Cryptography;
using VerSemi.Domain.Segmentations;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>Keeps label maps and entropy maps as NIfTI files in the store, for people who want to see what a score means.</summary>
/// <param name="machine">Whose scratch folder holds a file until it is stored.</param>
public sealed class KeptPredictions(IBlobStore store, TrainerOptions machine)
{
    /// <param name="path">In the store; ends in .nii.gz.</param>
    /// <param name="placement">Of the image's file, kept to the bit; null: by the grid's affine.</param>
    /// <returns>The SHA-256 of the file.</returns>
    public Task<string> WriteAsync(string path, Volume<ushort> labels, Placement? placement, CancellationToken cancellation) =>
        WriteAsync(path, file => NiftiFile.Write(file, labels, LabelTable.ForResearch, placement), cancellation);

    /// <inheritdoc cref="WriteAsync(string, Volume{ushort}, Placement?, CancellationToken)"/>
    public Task<string> WriteAsync(string path, Volume<float> values, Placement? placement, CancellationToken cancellation) =>
        WriteAsync(path, file => NiftiFile.Write(file, values, placement), cancellation);

    private async Task<string> WriteAsync(string path, Action<string> write, CancellationToken cancellation)
    {
        Directory.CreateDirectory(machine.ScratchFolder);
        var file = Path.Combine(machine.ScratchFolder, $"{Guid.NewGuid():N}.nii.gz");
        try
        {
            write(file);
            await using var content = File.OpenRead(file);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
            content.Position = 0;
            await store.WriteAsync(path, content, cancellation: cancellation);
            return hash;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
