using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Segmentations;

/// <summary>The model in production of the line that was last asked for: kept while production.json holds the same generation.</summary>
internal sealed class ProductionModels(IBlobStore store, TrainerOptions machine) : IDisposable
{
    private (string Line, ProductionPointer Pointer, Segmenter Segmenter)? _loaded;

    /// <returns>Valid until the next call.</returns>
    /// <exception cref="DomainException">Nothing is in production.</exception>
    public async Task<(Segmenter Segmenter, string Name)> OfAsync(string line, CancellationToken cancellation)
    {
        var pointer = await InProduction.FindAsync(store, line, cancellation)
            ?? throw new DomainException($"No model of line '{line}' is in production any more.");
        if (_loaded is not { } loaded || loaded.Line != line || loaded.Pointer != pointer)
        {
            Dispose();
            var segmenter = await Segmenter.LoadAsync(store, BlobLayout.Model(line, pointer.Version), machine, null, cancellation);
            _loaded = (line, pointer, segmenter);
        }
        return (_loaded.Value.Segmenter, $"{line}/{pointer.Version}");
    }

    public void Dispose()
    {
        _loaded?.Segmenter.Dispose();
        _loaded = null;
    }
}
