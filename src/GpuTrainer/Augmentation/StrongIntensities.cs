using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Geometry;

namespace VerSemi.GpuTrainer.Augmentation;

/// <summary>
/// Strong changes of a patch's intensities that leave every voxel in its place, for weak-to-strong consistency: blur, then
/// <see cref="IntensityTransforms"/> with ranges about twice those of nnU-Net. Brightness and contrast are left alone: the
/// network's instance norms undo them.
/// </summary>
public static class StrongIntensities
{
    private const double BlurLow = 0.5, BlurHigh = 1.5; // voxels; nnU-Net has 0.5 to 1

    /// <param name="image">(D, H, W)</param>
    /// <param name="probability">Of each of the four changes.</param>
    public static void Apply(Span<float> image, Size3 patch, double probability, ref CounterRandom random)
    {
        if (random.Chance(probability))
            GaussianBlur.Apply(image, patch, random.Between(BlurLow, BlurHigh));
        var ranges = new AugmentationRanges
        {
            BiasFieldProbability = probability,
            BiasFieldStrength = 0.3,
            GammaProbability = probability,
            GammaLow = 0.5,
            GammaHigh = 2,
            NoiseProbability = probability,
            NoiseDeviation = 0.3,
        };
        IntensityTransforms.Apply(image, patch, ranges, ref random);
    }
}
