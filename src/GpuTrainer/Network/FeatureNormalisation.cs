using TorchSharp.Modules;
using TorchSharp.Utils;
using VerSemi.Domain.Recipes;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VerSemi.GpuTrainer.Network;

/// <summary>The norm in front of the controller and of the features, with ReLU: BatchNorm3d as the reference, or GroupNorm.</summary>
internal sealed class FeatureNormalisation : nn.Module
{
    private const double Epsilon = 1e-5;
    private readonly FeatureNorm _norm;
    private readonly long _groups;
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;
    [ComponentName(Name = "running_mean")] private readonly Tensor? _mean;
    [ComponentName(Name = "running_var")] private readonly Tensor? _variance;

    public FeatureNormalisation(FeatureNorm norm, int channels) : base(nameof(FeatureNormalisation))
    {
        _norm = norm;
        _groups = Math.Min(channels / 4, 16);
        _weight = SeededInitialisation.Owned(new Parameter(ones(channels)));
        _bias = SeededInitialisation.Owned(new Parameter(zeros(channels)));
        if (norm == FeatureNorm.Batch)
        {
            register_buffer("running_mean", _mean = SeededInitialisation.Owned(zeros(channels)));
            register_buffer("running_var", _variance = SeededInitialisation.Owned(ones(channels)));
        }
        RegisterComponents();
    }

    /// <param name="passes">As how many passes this one counts for the running statistics.</param>
    public Tensor Run(Tensor input, int passes)
    {
        var normed = _norm == FeatureNorm.Group
            ? functional.group_norm(input, _groups, _weight, _bias, Epsilon)
            : functional.batch_norm(input, _mean, _variance, _weight, _bias, training && !IsAlone(input), 1 - Math.Pow(0.9, passes), Epsilon);
        return normed.relu_(); // the same tensor: in-place operations give back their receiver
    }

    // One value a channel (one sample of a 16³ patch) has no variance: its unbiased estimate 0/0 would stay in the running
    // statistics for ever. Such a pass is normed by the statistics of the passes before and adds nothing to them.
    private static bool IsAlone(Tensor input) => input.numel() == input.shape[1];
}
