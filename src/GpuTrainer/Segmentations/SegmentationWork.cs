using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.Domain.Segmentations;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Service;
using VerSemi.Imaging.Geometry;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Segmentations;

/// <param name="Model">line/version.</param>
/// <param name="Warnings">What is unusual about the image.</param>
internal sealed record SegmentationResult(string Model, IReadOnlyList<SegmentationLabel> Labels, IReadOnlyList<string> Warnings);

/// <summary>One image through the model in production: the label map goes to the store, its table to the caller.</summary>
internal sealed class SegmentationWork(IBlobStore store, IOptions<GpuTrainerOptions> options) : IDisposable
{
    private readonly ProductionModels _models = new(store, options.Value);

    /// <exception cref="DomainException">The image or the wish is at fault: a second try would not help.</exception>
    public async Task<SegmentationResult> DoAsync(SegmentationAnswer lease, CancellationToken cancellation)
    {
        var (segmenter, model) = await _models.OfAsync(lease.Line, cancellation);
        var modality = TaskChoice.ModalityOf(segmenter.Model, lease.Modality);
        var image = await ReadAsync(lease, segmenter.Model, modality, cancellation);
        var tasks = TaskChoice.Choose(segmenter.Model, lease.Tasks ?? [], modality);
        var (map, entropy, labels) = (new CombinedLabelMap(image.Volume.Grid), lease.Entropy ? new EntropyMap(image.Volume.Grid) : null, new List<SegmentationLabel>());
        foreach (var result in segmenter.Segment(image.Volume, modality, tasks, cancellation))
        {
            map.Add(result);
            entropy?.Add(result);
            labels.Add(LabelOf(result, image.Volume.Grid));
        }
        cancellation.ThrowIfCancellationRequested();
        var kept = new KeptPredictions(store, options.Value);
        if (entropy is not null)
            await kept.WriteAsync(BlobLayout.SegmentationEntropy(lease.Segmentation, lease.Attempt), entropy.Bits, image.Placement, cancellation);
        // The label map last: it says that everything is there.
        await kept.WriteAsync(BlobLayout.SegmentationResult(lease.Segmentation, lease.Attempt), map.Labels, image.Placement, cancellation);
        return new SegmentationResult(model, labels, image.Warnings);
    }

    private static SegmentationLabel LabelOf(TaskProbability result, Grid grid)
    {
        var ((x, y, z), voxels) = (grid.Spacing, result.Mask().LongCount(inside => inside != 0));
        return new SegmentationLabel(CombinedLabelMap.ValueOf(result.Task), result.Task.Id, result.Task.Name, voxels, Math.Round(voxels * x * y * z / 1000, 3), Math.Round(result.Confidence, 3));
    }

    /// <summary>By a file of its own that is gone at once: copies that the store keeps would outlive what they are of.</summary>
    private async Task<SegmentationImage> ReadAsync(SegmentationAnswer lease, ModelManifest model, string modality, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Value.ScratchFolder);
        var file = Path.Combine(options.Value.ScratchFolder, $"{Guid.NewGuid():N}.image");
        try
        {
            await using (var content = await store.OpenReadAsync(BlobLayout.SegmentationImage(lease.Segmentation), cancellation))
            await using (var copy = File.Create(file))
                await content.CopyToAsync(copy, cancellation);
            return SegmentationImage.Read(file, lease.Channel, model, modality);
        }
        catch (Imaging.InvalidImageException e)
        {
            throw new DomainException($"The image cannot be segmented: {e.Reason}", e);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose() => _models.Dispose();
}
