using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Augmentation;

/// <summary>The cube of CutMix: where a mask is 0 (docs/method.md, "Losses").</summary>
public readonly record struct PasteCube(int X, int Y, int Z, Size3 Side)
{
    /// <param name="ratio">Edge as a fraction of the patch; each side is int(ratio · patch side), its place uniform.</param>
    public static PasteCube Draw(Size3 patch, double ratio, ref CounterRandom random)
    {
        var side = new Size3((int)(ratio * patch.X), (int)(ratio * patch.Y), (int)(ratio * patch.Z));
        return new PasteCube(random.Below(patch.X - side.X + 1), random.Below(patch.Y - side.Y + 1), random.Below(patch.Z - side.Z + 1), side);
    }

    /// <summary>Clears the cube in a mask (D, H, W) of ones.</summary>
    public void ClearIn(Span<float> mask, Size3 patch)
    {
        for (var z = Z; z < Z + Side.Z; z++)
            for (var y = Y; y < Y + Side.Y; y++)
                mask.Slice(X + patch.X * (y + patch.Y * z), Side.X).Clear();
    }
}
