using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Data;

/// <summary>One step's samples as plain memory, x fastest; the trainer makes tensors of it.</summary>
public sealed record PatchBatch
{
    public required Size3 Patch { get; init; }

    /// <summary>(N, 1, D, H, W)</summary>
    public required float[] Images { get; init; }

    /// <summary>(N + M, D, H, W), 1 where the voxel is foreground: of each sample's own task, then of each of <see cref="Others"/>.</summary>
    public required byte[] Labels { get; init; }

    /// <summary>(N) The task that each sample was drawn for.</summary>
    public required IReadOnlyList<Prompt> Tasks { get; init; }

    /// <summary>(M) Further tasks that samples are annotated for.</summary>
    public IReadOnlyList<Annotation> Others { get; init; } = [];

    /// <summary>(N, D, H, W), 1 where the voxel is foreground of any task that the image is annotated for; null: the union of the labels.</summary>
    public byte[]? Union { get; init; }

    /// <summary>(N/2, D, H, W), of mix(a, b).</summary>
    public required float[] Mask { get; init; }

    /// <summary>(N, 1, D, H, W); null in stage 1.</summary>
    public float[]? Unlabelled { get; init; }

    /// <summary>(N, 1, D, H, W), the same patches with strong changes of intensity, which the network sees in their place; null: none.</summary>
    public float[]? Strong { get; init; }

    /// <summary>(N, D, H, W), of mix(u, x); null in stage 1.</summary>
    public float[]? UnlabelledMask { get; init; }

    /// <summary>(N) The share that the sample's task has of the sample's whole volume, 0…1.</summary>
    public IReadOnlyList<double> ForegroundShares { get; init; } = [];

    /// <summary>Every case in the batch, for the error that names them.</summary>
    public required IReadOnlyList<string> Cases { get; init; }
}
