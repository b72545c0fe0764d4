using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using VerSemi.Domain.Recipes;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>The question asked of the network: a task's prompt column, or the synthetic task ("all foreground of any task").</summary>
public readonly record struct Prompt(int Column)
{
    public static Prompt Synthetic { get; } = new(-1);
    public bool IsSynthetic => Column < 0;
}

/// <summary>What one trunk pass gives; heads for any number of prompts read it.</summary>
/// <param name="Features">(N, 8, D, H, W)</param>
/// <param name="Pooled">(N, 16·width)</param>
public sealed record TrunkOutput(Tensor Features, Tensor Pooled);

/// <summary>
/// The task-prompted network of docs/method.md, "Network". The trunk does not know the prompt: one pass of it serves any
/// number of heads. Weights belong to no dispose scope: they live until the network is disposed.
/// </summary>
public sealed class VerSemiNetwork : nn.Module
{
    [ComponentName(Name = "x1")] private readonly Stage _x1;
    [ComponentName(Name = "x2")] private readonly Stage _x2;
    [ComponentName(Name = "x3")] private readonly Stage _x3;
    [ComponentName(Name = "x4")] private readonly Stage _x4;
    [ComponentName(Name = "x5")] private readonly Stage _x5;
    [ComponentName(Name = "x6")] private readonly Stage _x6;
    [ComponentName(Name = "x7")] private readonly Stage _x7;
    [ComponentName(Name = "x8")] private readonly Stage _x8;
    [ComponentName(Name = "x9")] private readonly Stage _x9;
    [ComponentName(Name = "pooled_norm")] private readonly FeatureNormalisation _pooledNorm;
    [ComponentName(Name = "feature_norm")] private readonly FeatureNormalisation _featureNorm;
    [ComponentName(Name = "controller")] private readonly Controller _controller;
    [ComponentName(Name = "feature_weight")] private readonly Parameter _featureWeight;
    [ComponentName(Name = "feature_bias")] private readonly Parameter _featureBias;

    /// <param name="columns">Prompt columns of real tasks; the synthetic task has its own beside them.</param>
    public VerSemiNetwork(int width, FeatureNorm norm, int columns, int seed, NetworkDesign design = NetworkDesign.Reference) : base(nameof(VerSemiNetwork))
    {
        using var init = new SeededInitialisation(seed);
        (Width, Norm, Design) = (width, norm, design);
        _x1 = new Stage(ConvKind.Same, width, 0, 1, 1, init);
        _x2 = new Stage(ConvKind.Down, width, 1, 2, 2, init);
        _x3 = new Stage(ConvKind.Down, width, 2, 4, 3, init);
        _x4 = new Stage(ConvKind.Down, width, 4, 8, 3, init);
        _x5 = new Stage(ConvKind.Down, width, 8, 16, 3, init);
        _x6 = new Stage(ConvKind.Up, width, 16, 8, 3, init);
        _x7 = new Stage(ConvKind.Up, width, 8, 4, 3, init);
        _x8 = new Stage(ConvKind.Up, width, 4, 2, 2, init);
        _x9 = new Stage(ConvKind.Up, width, 2, 1, design == NetworkDesign.Fine ? 1 : 0, init);
        _pooledNorm = new FeatureNormalisation(norm, 16 * width);
        _featureNorm = new FeatureNormalisation(norm, width);
        _featureWeight = init.Uniform(width, DynamicHead.Channels, width, 1, 1, 1);
        _featureBias = init.Uniform(width, DynamicHead.Channels);
        _controller = new Controller(16 * width, columns, init);
        RegisterComponents();
    }

    public int Width { get; }
    public FeatureNorm Norm { get; }
    public NetworkDesign Design { get; }

    /// <summary>What the trunk's convolutions compute in; weights, norms' statistics, features and heads are float32 in either.</summary>
    public TrunkPrecision Precision { get; set; }

    /// <summary>Prompt columns of real tasks.</summary>
    public int Columns => _controller.Columns;
    public Device Device => _featureWeight.device;

    /// <summary>This network with its weights on the device. Optimisers made before hold the old tensors.</summary>
    public VerSemiNetwork MovedTo(Device device)
    {
        this.to(device);
        foreach (var tensor in state_dict().Values)
            tensor.DetachFromDisposeScope();
        return this;
    }

    /// <param name="images">(N, 1, D, H, W), each side divisible by 16.</param>
    /// <param name="statisticsPasses">As how many passes this one counts for BatchNorm's running statistics (momentum 1 − 0.9^passes).</param>
    public TrunkOutput Trunk(Tensor images, int statisticsPasses = 1)
    {
        using var scope = NewDisposeScope();
        var x1 = _x1.Run(Precision == TrunkPrecision.Bfloat16 ? images.to(ScalarType.BFloat16) : images);
        var x2 = _x2.Run(x1);
        var x3 = _x3.Run(x2);
        var x4 = _x4.Run(x3);
        var x5 = _x5.Run(x4);
        var pooled = _pooledNorm.Run(ComputedChannels.Cut(x5.to(ScalarType.Float32), 16 * Width), statisticsPasses).mean([2L, 3, 4]);
        var x9 = _x9.Run(_x8.Run(_x7.Run(_x6.Run(x5, x4), x3), x2), Design == NetworkDesign.Fine ? x1 : null);
        var normed = _featureNorm.Run(ComputedChannels.Cut(x9.to(ScalarType.Float32), Width), statisticsPasses);
        var features = Convolution.Run(ConvKind.Point, ComputedChannels.Fill(normed, 1, ComputedChannels.Width(Width, Device)), _featureWeight, _featureBias, DynamicHead.Channels);
        return new TrunkOutput(features.MoveToOuterDisposeScope(), pooled.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// One head per entry: entry i asks <paramref name="prompts"/>[i] of sample <paramref name="samples"/>[i].
    /// </summary>
    /// <returns>Logits (background, foreground): (M, 2, D, H, W).</returns>
    public Tensor Heads(TrunkOutput trunk, IReadOnlyList<int> samples, IReadOnlyList<Prompt> prompts) =>
        RunHeads(trunk, samples, prompts, difference: false);

    /// <summary>
    /// As <see cref="Heads"/>, but only what two-class losses and probabilities need: foreground − background logit, at
    /// half the memory. Its sigmoid is the foreground softmax.
    /// </summary>
    /// <returns>(M, D, H, W)</returns>
    public Tensor ForegroundLogits(TrunkOutput trunk, IReadOnlyList<int> samples, IReadOnlyList<Prompt> prompts)
    {
        using var logits = RunHeads(trunk, samples, prompts, difference: true);
        return logits.squeeze(1);
    }

    /// <summary>
    /// The voxel-wise maximum of <see cref="ForegroundLogits"/> over prompts, for every sample of the trunk. Memory does
    /// not grow with their number, see <see cref="MaximumOfHeads"/>.
    /// </summary>
    /// <param name="each">Sees each prompt's logits (N, D·H·W) by its place in the list, without graph.</param>
    /// <returns>(N, D, H, W)</returns>
    public Tensor MaximalForegroundLogits(TrunkOutput trunk, IReadOnlyList<Prompt> prompts, Action<int, Tensor>? each = null)
    {
        using var scope = NewDisposeScope();
        var count = (int)trunk.Features.shape[0];
        var parameters = _controller.Run(trunk.Pooled, [.. Enumerable.Range(0, count).SelectMany(sample => Enumerable.Repeat(sample, prompts.Count))], [.. Enumerable.Range(0, count).SelectMany(_ => prompts)]);
        var logits = MaximumOfHeads.Run(trunk.Features.flatten(2), parameters.view(count, prompts.Count, -1), each);
        return logits.view(count, trunk.Features.shape[2], trunk.Features.shape[3], trunk.Features.shape[4]).MoveToOuterDisposeScope();
    }

    /// <summary>Whether a parameter of this name holds prompts: the tasks' columns or the synthetic task's.</summary>
    public static bool IsPrompt(string parameter) => parameter is "controller.columns" or "controller.synthetic";

    /// <summary>Makes every prompt's column, the synthetic task's too, this many times as large.</summary>
    public void ScalePrompts(double factor)
    {
        using var nothing = no_grad();
        foreach (var (_, parameter) in named_parameters().Where(entry => IsPrompt(entry.name)))
            parameter.MultiplyInPlace(factor);
    }

    /// <summary>Leaves a gradient to the tasks' prompt columns alone; the trunk then needs no graph. The synthetic task's column is frozen too.</summary>
    public void FreezeAllButColumns()
    {
        foreach (var (name, parameter) in named_parameters())
            parameter.requires_grad = name == "controller.columns";
    }

    /// <summary>Adds prompt columns for new tasks; old tasks' logits stay bit-identical.</summary>
    public void Grow(int columns, int seed) => _controller.Grow(columns, seed);

    private Tensor RunHeads(TrunkOutput trunk, IReadOnlyList<int> samples, IReadOnlyList<Prompt> prompts, bool difference)
    {
        if (samples.Count != prompts.Count)
            throw new ArgumentException($"{samples.Count} samples for {prompts.Count} prompts; each head has one of each.", nameof(prompts));
        using var scope = NewDisposeScope();
        var features = trunk.Features.flatten(2);
        // Stable, so that the heads of a sample keep their order.
        var order = Enumerable.Range(0, samples.Count).OrderBy(i => samples[i]).ToArray();
        var parameters = _controller.Run(trunk.Pooled, [.. order.Select(i => samples[i])], [.. order.Select(i => prompts[i])]);
        var counts = order.GroupBy(i => samples[i]).Select(group => (Sample: group.Key, Heads: group.Count())).ToArray();
        var even = counts.Length == features.shape[0] && counts.All(c => c.Heads == counts[0].Heads);
        var logits = even ? DynamicHead.Run(features, parameters, difference) : PerSample(features, parameters, counts, difference);
        if (!order.SequenceEqual(Enumerable.Range(0, order.Length)))
            logits = logits.index_select(0, tensor([.. order.Select((entry, row) => (entry, row)).OrderBy(p => p.entry).Select(p => (long)p.row)], ScalarType.Int64, features.device));
        return logits.unflatten(2, trunk.Features.shape[2], trunk.Features.shape[3], trunk.Features.shape[4]).MoveToOuterDisposeScope();
    }

    private static Tensor PerSample(Tensor features, Tensor parameters, (int Sample, int Heads)[] counts, bool difference)
    {
        var rows = parameters.split([.. counts.Select(c => (long)c.Heads)], 0);
        return cat([.. counts.Select((c, i) => DynamicHead.Run(features.narrow(0, c.Sample, 1), rows[i], difference))]);
    }
}
