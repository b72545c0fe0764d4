using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Planning;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Planning;

/// <summary>The fingerprint of a run's datasets, from their manifests and the headers of training images: sealed and validation images are not looked at.</summary>
public static class Fingerprints
{
    /// <summary>Headers read of one dataset: enough for a median and a percentile.</summary>
    private const int MostImages = 64;

    public static async Task<DataFingerprint> OfAsync(IBlobStore store, TrainingData data, CancellationToken cancellation)
    {
        var modalities = new List<ModalityFingerprint>();
        foreach (var modality in data.Datasets.GroupBy(dataset => dataset.Modality))
        {
            var images = new List<ImageShape>();
            foreach (var dataset in modality)
                foreach (var entry in dataset.In(Split.Training).Concat(dataset.Unlabelled).Take(MostImages))
                    images.Add(await ShapeAsync(store, dataset, entry, cancellation));
            modalities.Add(new ModalityFingerprint(modality.Key, images));
        }
        var training = data.In(Split.Training).Select(data.TasksOf).ToList();
        var cases = training.SelectMany(tasks => tasks).GroupBy(task => task.Id).ToDictionary(task => task.Key, task => task.Count());
        return new DataFingerprint(modalities, cases, training.Count, data.Unlabelled.Count, training.Count(tasks => tasks.Count < cases.Count), data.In(Split.Validation).Count);
    }

    // A manifest has sizes and spacings along the file's own axes; which of them runs along R, only the header says.
    private static async Task<ImageShape> ShapeAsync(IBlobStore store, DatasetManifest dataset, CaseEntry entry, CancellationToken cancellation)
    {
        var grid = (await StoredVoxels.ReadAsync(store, dataset.Name, entry.Image, NiftiFile.ReadHeader, cancellation)).Grid;
        var ras = Orientation.Of(grid.Affine).ToRas(grid);
        var (r, a, s) = ras.Spacing;
        return new ImageShape([ras.Size.X, ras.Size.Y, ras.Size.Z], [r, a, s]);
    }
}
