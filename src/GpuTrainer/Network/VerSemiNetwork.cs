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

/// <summary>The task-prompted network of algorithm.md, "Network".</summary>
public sealed class VerSemiNetwork : nn.Module
{
    /// <param name="columns">Prompt columns of real tasks; the synthetic task has its own beside them.</param>
    public VerSemiNetwork(int width, FeatureNorm norm, int columns, int seed) : base(nameof(VerSemiNetwork)) => throw new NotImplementedException();

    public int Columns => throw new NotImplementedException();

    /// <param name="images">(N, 1, D, H, W), each side divisible by 16.</param>
    /// <param name="statisticsPasses">As how many passes this one counts for BatchNorm's running statistics (momentum 1 − 0.9^passes).</param>
    public TrunkOutput Trunk(Tensor images, int statisticsPasses = 1) => throw new NotImplementedException();

    /// <summary>
    /// One head per entry: entry i asks <paramref name="prompts"/>[i] of sample <paramref name="samples"/>[i].
    /// </summary>
    /// <returns>Logits (background, foreground): (M, 2, D, H, W).</returns>
    public Tensor Heads(TrunkOutput trunk, IReadOnlyList<int> samples, IReadOnlyList<Prompt> prompts) => throw new NotImplementedException();

    /// <summary>Adds prompt columns for new tasks; old tasks' logits stay bit-identical.</summary>
    public void Grow(int columns, int seed) => throw new NotImplementedException();
}
