using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.GpuTrainer.Network;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>A safetensors file with the reference's names (<see cref="ReferenceWeights"/>) that was found to be sound.</summary>
public sealed class ImportedWeights : IDisposable
{
    private readonly VerSemiNetwork _network;

    private ImportedWeights(VerSemiNetwork network) => _network = network;

    public int Width => _network.Width;

    /// <param name="tasks">How many real tasks it has columns for.</param>
    /// <exception cref="DomainException">The file is not safetensors, or not such a state dict: every fault at once.</exception>
    public static ImportedWeights Read(string file, int tasks)
    {
        TorchRuntime.Start("cpu");
        using var scope = NewDisposeScope();
        return new ImportedWeights(ReferenceWeights.Import(Safetensors.Load(file).Tensors, tasks, file));
    }

    /// <summary>As <see cref="ModelFiles.SaveAsync"/>.</summary>
    public Task<ModelManifest> SaveAsync(IBlobStore store, string folder, Func<string, ModelManifest> manifestOf, string scratch, CancellationToken cancellation) =>
        ModelFiles.SaveAsync(store, folder, _network, manifestOf, scratch, cancellation);

    /// <summary>The other direction: a model of the store as such a file, which appears whole or not at all.</summary>
    /// <param name="folder">E.g. <see cref="BlobLayout.Model"/>.</param>
    public static async Task<ModelManifest> ExportAsync(IBlobStore store, string folder, string file, CancellationToken cancellation)
    {
        TorchRuntime.Start("cpu");
        var (manifest, network) = await ModelFiles.LoadAsync(store, folder, CPU, cancellation);
        using var owned = network;
        Write(file, network, manifest);
        return manifest;
    }

    private static void Write(string file, VerSemiNetwork network, ModelManifest manifest)
    {
        using var scope = NewDisposeScope();
        Safetensors.Save(file, ReferenceWeights.Export(network), new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["versemi.tasks"] = string.Join(',', manifest.LabelSpace.Tasks.Select(task => task.Id)),
        });
    }

    public void Dispose() => _network.Dispose();
}
