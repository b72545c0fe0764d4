using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Domain.Segmentations;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Segmentations;

namespace VerSemi.Cli.Segmentation;

/// <summary>One image through the model in production of a running platform: its label map comes back, and the same files are made of it as on this machine.</summary>
internal sealed class RemoteSegmentation(ApiClient api, string image, string folder)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="query">line, task, modality and channel, as <see cref="Routes.Segmentations"/> takes them.</param>
    public async Task<SegmentedImage> RunAsync(IReadOnlyList<KeyValuePair<string, string>> query, IProgressView view, CancellationToken cancellation)
    {
        view.Show("Sending", Path.GetFileName(image));
        var address = $"{Routes.Segmentations}?{string.Join('&', query.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"))}";
        using var content = new UploadContent(image, new FileInfo(image).Length, _ => { });
        var asked = await api.PostFileAsync<SegmentationView>(address, content, cancellation);
        try
        {
            var done = await EndedAsync(asked.Id, view, cancellation);
            return done.State == SegmentationStates.Done ? new SegmentedImage(done.Model!, await KeepAsync(done, cancellation), done.Warnings) : throw new DomainException($"{Path.GetFileName(image)} was not segmented: {done.Reason}");
        }
        finally
        {
            // Nobody else knows of it: image and result need not stay there.
            await api.DeleteAsync(Routes.Segmentation(asked.Id), CancellationToken.None);
        }
    }

    private async Task<SegmentationView> EndedAsync(string id, IProgressView view, CancellationToken cancellation)
    {
        while (true)
        {
            var now = await api.GetAsync<SegmentationView>(Routes.Segmentation(id), cancellation);
            if (SegmentationStates.IsFinal(now.State))
                return now;
            view.Show(now.State == SegmentationStates.Running ? "Segmenting" : "Waiting for a worker", Path.GetFileName(image));
            await Task.Delay(Pause, cancellation);
        }
    }

    private Task<IReadOnlyList<LabelRow>> KeepAsync(SegmentationView done, CancellationToken cancellation) => ImageSegmentation.MakeAsideAsync(folder, async aside =>
    {
        var (stem, rows) = (ImageSegmentation.StemOf(image), new List<LabelRow>());
        var map = Path.Combine(aside, $"{stem}_labels.nii.gz");
        await api.DownloadAsync(Routes.SegmentationLabel(done.Id), map, cancellation);
        var (labels, placement) = (NiftiFile.ReadLabel(map), NiftiFile.ReadHeader(map).Placement);
        foreach (var label in done.Labels)
        {
            var mask = new Volume<ushort>(labels.Grid, Array.ConvertAll(labels.Voxels, value => value == label.Value ? (ushort)1 : (ushort)0));
            var file = $"{stem}_{ImageSegmentation.FileNameOf(label.Task)}.nii.gz";
            NiftiFile.Write(Path.Combine(aside, file), mask, LabelTable.ForResearch, placement);
            rows.Add(ImageSegmentation.RowOf(label.Value, label.Task, label.Name, mask.Voxels.LongCount(inside => inside != 0), label.Confidence, labels.Grid, file));
        }
        if (done.Entropy is { } entropy)
            await api.DownloadAsync(entropy, Path.Combine(aside, ImageSegmentation.EntropyOf(stem)), cancellation);
        ImageSegmentation.WriteTable(Path.Combine(aside, $"{stem}_labels"), rows);
        return (IReadOnlyList<LabelRow>)rows;
    });
}
