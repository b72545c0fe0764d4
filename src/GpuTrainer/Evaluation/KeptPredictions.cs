using VerSemi.Domain.Segmentations;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>Keeps label maps as NIfTI files in the store, for people who want to see what a score means.</summary>
/// <param name="machine">Whose scratch folder holds a file until it is stored.</param>
public sealed class KeptPredictions(IBlobStore store, TrainerOptions machine)
{
    /// <param name="path">In the store; ends in .nii.gz.</param>
    public async Task WriteAsync(string path, Volume<ushort> labels, CancellationToken cancellation)
    {
        Directory.CreateDirectory(machine.ScratchFolder);
        var file = Path.Combine(machine.ScratchFolder, $"{Guid.NewGuid():N}.nii.gz");
        try
        {
            NiftiFile.Write(file, labels, LabelTable.ForResearch);
            await using var content = File.OpenRead(file);
            await store.WriteAsync(path, content, cancellation: cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
