using VerSemi.Cli.Hosting;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Segmentations;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Segmentation;

/// <summary>The models of a data folder, for readers: what they need are files that never change, and a pointer.</summary>
internal sealed class ReadOnlyModels
{
    private readonly DataFolder _data;
    private readonly FolderBlobStore _store;

    public ReadOnlyModels(DataFolder data)
    {
        if (!Directory.Exists(data.Path))
            throw new DomainException($"There is no data folder {data.Path}. Name the one that holds the model with --data.");
        _data = data;
        _store = new FolderBlobStore(data.Path);
    }

    public async Task<(string Line, int Version)> InProductionAsync(string line, CancellationToken cancellation)
    {
        var pointer = await InProduction.FindAsync(_store, line, cancellation)
            ?? throw new DomainException($"No model of line '{line}' is in production in {_data.Path}. Drop a dataset and wait for its promotion, or name a model with --model.");
        return (line, pointer.Version);
    }

    public async Task<Segmenter> LoadAsync(string line, int version, CancellationToken cancellation) =>
        await Segmenter.LoadAsync(_store, await FolderOfAsync(line, version, cancellation), new TrainerOptions(), null, cancellation);

    /// <summary>See <see cref="ImportedWeights.ExportAsync"/>.</summary>
    public async Task<ModelManifest> ExportAsync(string line, int version, string file, CancellationToken cancellation) =>
        await ImportedWeights.ExportAsync(_store, await FolderOfAsync(line, version, cancellation), file, cancellation);

    private async Task<string> FolderOfAsync(string line, int version, CancellationToken cancellation)
    {
        var folder = BlobLayout.Model(line, version);
        return await _store.FindAsync(folder + BlobLayout.ModelFile, cancellation) is not null
            ? folder
            : throw new DomainException($"There is no model {line}/{version} in {_data.Path}. 'versemi models' lists them.");
    }
}
