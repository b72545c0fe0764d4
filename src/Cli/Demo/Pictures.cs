using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Training;
using VerSemi.Imaging.Rendering;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Demo;

/// <summary>Image, truth and prediction of the first sealed case of every task, as PNG.</summary>
internal sealed class Pictures(FolderBlobStore store, string folder, Out output)
{
    /// <returns>The picture's path by task id.</returns>
    public Task<IReadOnlyDictionary<string, string>> WriteAsync(int version, CancellationToken cancellation) => output.WithProgressAsync<IReadOnlyDictionary<string, string>>(async view =>
    {
        Directory.CreateDirectory(folder);
        using var segmenter = await Segmenter.LoadAsync(store, BlobLayout.Model("main", version), new TrainerOptions(), null, cancellation);
        var pictures = new Dictionary<string, string>();
        foreach (var name in (await store.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is))
        {
            var dataset = await NewestAsync(name, cancellation);
            foreach (var label in dataset.Labels)
            {
                view.Show("Drawing", label.TaskId);
                if (dataset.In(Split.Test).FirstOrDefault() is { } sealedCase)
                    pictures[label.TaskId] = await DrawAsync(segmenter, dataset, sealedCase, label, cancellation);
            }
        }
        return pictures;
    });

    private async Task<string> DrawAsync(Segmenter segmenter, DatasetManifest dataset, CaseEntry entry, LabelDeclaration label, CancellationToken cancellation)
    {
        var drawn = new CaseReference(dataset, entry);
        var image = await drawn.ReadImageAsync(store, cancellation);
        var values = (await drawn.ReadLabelAsync(store, cancellation)).Voxels;
        var task = segmenter.Model.LabelSpace.Require(label.TaskId);
        var prediction = segmenter.Segment(image, dataset.Modality, [task], cancellation).Single().Mask();
        var path = Path.Combine(folder, $"{PathSegment.Of("a picture", label.TaskId.Replace('/', '.'))}.png");
        OverlayRenderer.Write(path, image, Array.ConvertAll(values, value => value == label.Value ? (byte)1 : (byte)0), prediction, $"{label.TaskId} - {entry.Id}");
        return path;
    }

    private async Task<DatasetManifest> NewestAsync(string name, CancellationToken cancellation)
    {
        var head = await store.ReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(name), DomainJson.Readable, cancellation);
        return await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(name, head.Version), DomainJson.Readable, cancellation);
    }
}
