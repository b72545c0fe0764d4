using VerSemi.GpuTrainer.Network;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Data;

/// <summary>One step's samples as plain memory, x fastest; the trainer makes tensors of it.</summary>
public sealed record PatchBatch
{
    public required Size3 Patch { get; init; }

    /// <summary>(N, 1, D, H, W)</summary>
    public required float[] Images { get; init; }

    /// <summary>(N, D, H, W), 1 where the voxel is foreground of the sample's own task.</summary>
    public required byte[] Labels { get; init; }
    public required IReadOnlyList<Prompt> Tasks { get; init; }

    /// <summary>(N/2, D, H, W), of mix(a, b).</summary>
    public required float[] Mask { get; init; }

    /// <summary>(N, 1, D, H, W); null in stage 1.</summary>
    public float[]? Unlabelled { get; init; }

    /// <summary>(N, D, H, W), of mix(u, x); null in stage 1.</summary>
    public float[]? UnlabelledMask { get; init; }

    /// <summary>(N) The share that the sample's task has of the sample's whole volume, 0…1.</summary>
    public IReadOnlyList<double> ForegroundShares { get; init; } = [];

    /// <summary>Every case in the batch, for the error that names them.</summary>
    public required IReadOnlyList<string> Cases { get; init; }
}
