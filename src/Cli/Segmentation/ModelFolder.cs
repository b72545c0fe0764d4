using VerSemi.Cli.Weights;
using VerSemi.Domain;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Segmentation;

/// <summary>A model's two files in a folder anywhere: what `versemi train` wrote, or a copy of a model of a line.</summary>
internal static class ModelFolder
{
    private static readonly string[] Files = [BlobLayout.ModelFile, BlobLayout.WeightsFile];

    /// <returns>The model by the name of its run, since a folder has no line and version.</returns>
    public static async Task<(string Name, Segmenter Segmenter)> LoadAsync(string folder, CancellationToken cancellation)
    {
        if (Files.FirstOrDefault(file => !File.Exists(Path.Combine(folder, file))) is { } missing)
            throw new DomainException($"{Path.GetFullPath(folder)} holds no {missing}. Name the folder of a model, as 'versemi train' prints it: {Path.Combine(folder, BlobLayout.AttemptModel(PathSegment.Of("a run", "RUN"), 1))}.");
        // A store of its own: the folder may be read-only, and nothing is to be left in it.
        using var copy = new ScratchFolder();
        foreach (var file in Files)
            File.Copy(Path.Combine(folder, file), copy[file]);
        var segmenter = await Segmenter.LoadAsync(new FolderBlobStore(copy.Path), "", new TrainerOptions(), null, cancellation, moved: true);
        return (segmenter.Model.Lineage.Run, segmenter);
    }
}
