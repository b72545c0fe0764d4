using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Data;

/// <summary>One case of one dataset version.</summary>
public sealed record CaseReference(DatasetManifest Dataset, CaseEntry Entry)
{
    /// <summary>As errors and logs name it: dataset and the first digits of the image's hash. A case's own name may be a person's.</summary>
    public string Name => $"{Dataset.Name}/{ContentHash.Abbreviate(Entry.Image)}";

    public override string ToString() => Name;

    /// <summary>The image as its file has it: own grid, own intensities.</summary>
    public Task<Volume<float>> ReadImageAsync(IBlobStore store, CancellationToken cancellation) =>
        StoredVoxels.ReadAsync(store, Dataset.Name, Entry.Image, (content, name) => NiftiFile.ReadImage(content, name), cancellation);

    /// <summary>The label as its file has it.</summary>
    public Task<Volume<ushort>> ReadLabelAsync(IBlobStore store, CancellationToken cancellation) =>
        StoredVoxels.ReadAsync(store, Dataset.Name, Entry.Label!, NiftiFile.ReadLabel, cancellation);
}
