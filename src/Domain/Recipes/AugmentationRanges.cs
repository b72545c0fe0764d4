namespace VerSemi.Domain.Recipes;

/// <summary>How training patches are varied.</summary>
public enum AugmentationSet
{
    /// <summary>Not at all: the reference.</summary>
    None,

    /// <summary>Flips, rotation, scaling, bias field, gamma, noise, within <see cref="AugmentationRanges"/>.</summary>
    Standard,
}

/// <summary>An axis of the body; volumes lie along R, A, S.</summary>
public enum BodyAxis { LeftRight, AnteriorPosterior, InferiorSuperior }

/// <summary>
/// What `standard` draws from: each transform has the probability with which a patch gets it. Sources: nnU-Net (Isensee et
/// al., Nature Methods 2021, supplementary note 4) and MONAI's transforms. Intensities are the normalised ones: about mean
/// 0, standard deviation 1.
/// </summary>
public sealed record AugmentationRanges
{
    /// <summary>Of each of the recipe's flip axes on its own; nnU-Net.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>nnU-Net.</summary>
    public double RotationProbability { get; init; } = 0.2;

    /// <summary>Largest angle about each axis in degrees, 0…180; uniform in ±this. nnU-Net.</summary>
    public double RotationDegrees { get; init; } = 30;

    /// <summary>nnU-Net.</summary>
    public double ScalingProbability { get; init; } = 0.2;

    /// <summary>Sizes are multiplied by a factor from here to <see cref="ScaleHigh"/>, below and above 1 equally often; 0.25…1. nnU-Net.</summary>
    public double ScaleLow { get; init; } = 0.7;

    /// <summary>1…4. nnU-Net.</summary>
    public double ScaleHigh { get; init; } = 1.4;

    /// <summary>MONAI's RandBiasField has 0.1. A fault of MRI coils: 0 suits a line that knows CT alone.</summary>
    public double BiasFieldProbability { get; init; } = 0.15;

    /// <summary>
    /// Largest coefficient of the field's logarithm, a polynomial of degree 3 over [−1, 1]³ of the patch (Van Leemput et
    /// al., IEEE TMI 1999); 0…1. Between MONAI's 0.1 and TorchIO's 0.5.
    /// </summary>
    public double BiasFieldStrength { get; init; } = 0.2;

    /// <summary>nnU-Net.</summary>
    public double GammaProbability { get; init; } = 0.3;

    /// <summary>Exponent on the patch's intensities, brought to 0…1; from here to <see cref="GammaHigh"/>, below and above 1 equally often; 0.2…1. nnU-Net.</summary>
    public double GammaLow { get; init; } = 0.7;

    /// <summary>1…5. nnU-Net.</summary>
    public double GammaHigh { get; init; } = 1.5;

    /// <summary>nnU-Net and MONAI's RandGaussianNoise.</summary>
    public double NoiseProbability { get; init; } = 0.1;

    /// <summary>Largest standard deviation of Gaussian noise, in standard deviations of the image; uniform from 0; 0…1. MONAI, nnU-Net.</summary>
    public double NoiseDeviation { get; init; } = 0.1;
}
