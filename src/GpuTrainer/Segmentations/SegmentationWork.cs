using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Segmentations;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Service;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Segmentations;

/// <summary>One image through the model in production: the label map goes to the store, its table to the caller.</summary>
internal sealed class SegmentationWork(IBlobStore store, IOptions<GpuTrainerOptions> options) : IDisposable
{
    private readonly ProductionModels _models = new(store, options.Value);

    /// <exception cref="DomainException">The image or the wish is at fault: a second try would not help.</exception>
    public async Task<(string Model, IReadOnlyList<SegmentationLabel> Labels)> DoAsync(SegmentationAnswer lease, CancellationToken cancellation)
    {
        var image = await ReadAsync(lease, cancellation);
        var (segmenter, model) = await _models.OfAsync(lease.Line, cancellation);
        var modality = TaskChoice.ModalityOf(segmenter.Model, lease.Modality);
        var tasks = TaskChoice.Choose(segmenter.Model, lease.Tasks ?? [], modality);
        var (map, labels) = (new CombinedLabelMap(image.Grid), new List<SegmentationLabel>());
        foreach (var result in segmenter.Segment(image, modality, tasks, cancellation))
        {
            map.Add(result);
            labels.Add(LabelOf(result, image.Grid));
        }
        cancellation.ThrowIfCancellationRequested();
        await new KeptPredictions(store, options.Value).WriteAsync(BlobLayout.SegmentationResult(lease.Segmentation, lease.Attempt), map.Labels, cancellation);
        return (model, labels);
    }

    private static SegmentationLabel LabelOf(TaskProbability result, Grid grid)
    {
        var ((x, y, z), voxels) = (grid.Spacing, result.Mask().LongCount(inside => inside != 0));
        return new SegmentationLabel(CombinedLabelMap.ValueOf(result.Task), result.Task.Id, result.Task.Name, voxels, Math.Round(voxels * x * y * z / 1000, 3));
    }

    /// <summary>By a file of its own that is gone at once: copies that the store keeps would outlive what they are of.</summary>
    private async Task<Volume<float>> ReadAsync(SegmentationAnswer lease, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Value.ScratchFolder);
        var file = Path.Combine(options.Value.ScratchFolder, $"{Guid.NewGuid():N}.image");
        try
        {
            await using (var content = await store.OpenReadAsync(BlobLayout.SegmentationImage(lease.Segmentation), cancellation))
            await using (var copy = File.Create(file))
                await content.CopyToAsync(copy, cancellation);
            return NiftiFile.ReadImage(file, lease.Channel);
        }
        catch (Imaging.InvalidImageException e)
        {
            throw new DomainException($"The image {e.Reason}", e);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose() => _models.Dispose();
}
