using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Metrics;

namespace VerSemi.GpuTrainer.Evaluation;

/// <summary>Where a segmentation is unsure: of each voxel the highest entropy of any task's calibrated yes or no.</summary>
public sealed class EntropyMap(Grid grid)
{
    /// <summary>0 where every task is certain, 1 where one is at one half.</summary>
    public Volume<float> Bits { get; } = new(grid, new float[grid.Size.Count]);

    public void Add(TaskProbability task)
    {
        var probabilities = task.Calibrated.Voxels;
        for (var i = 0; i < probabilities.Length; i++)
            Bits.Voxels[i] = Math.Max(Bits.Voxels[i], CalibratedProbability.Entropy(probabilities[i]));
    }
}
