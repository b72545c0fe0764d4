using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>
/// Voxels of unlabelled images, counted by what the network says of them. The sums stay on the device until they are read,
/// so that no step waits for them; a head is counted when it is evaluated anyway.
/// </summary>
public sealed class UnlabelledCounts : IDisposable
{
    private readonly int _columns;
    private readonly Tensor _sums;

    /// <param name="columns">Prompt columns of the network.</param>
    /// <param name="sums">As an earlier <see cref="Read"/> gave them; null: none.</param>
    public UnlabelledCounts(int columns, Device device, IReadOnlyList<long>? sums = null)
    {
        _columns = columns;
        _sums = tensor(sums is null ? new long[2 * columns + 4] : [.. sums], ScalarType.Int64, device);
        _sums.DetachFromDisposeScope();
    }

    /// <summary>For each column its foreground voxels; for each column the voxels that it was asked for; foreground of P, of the synthetic task, of both; voxels on which the two were compared.</summary>
    public long[] Read()
    {
        using var sums = _sums.cpu();
        return sums.data<long>().ToArray();
    }

    public void Clear() => _sums.zero_();

    /// <summary>What counts every head of the aggregate by its place among the prompts and its foreground − background logits (N, V).</summary>
    /// <param name="mask">(N, D, H, W): 1 where the voxel is the unlabelled image's own.</param>
    public Action<int, Tensor> EachHead(IReadOnlyList<Prompt> prompts, Tensor mask)
    {
        var own = mask.flatten(1).to(ScalarType.Bool);
        var voxels = own.sum();
        return (head, logits) =>
        {
            using var scope = NewDisposeScope();
            Add(prompts[head].Column, logits.Above(0).logical_and_(own).sum());
            Add(_columns + prompts[head].Column, voxels);
        };
    }

    /// <summary>Counts one answer an image, where the aggregate was not asked.</summary>
    /// <param name="logits">(N, D, H, W), foreground − background.</param>
    /// <param name="tasks">One an image.</param>
    /// <param name="mask">(N, D, H, W); null: every voxel is the unlabelled image's own.</param>
    public void Answers(Tensor logits, IReadOnlyList<Prompt> tasks, Tensor? mask)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        var own = mask is null ? ones_like(logits, ScalarType.Bool) : mask.to(ScalarType.Bool);
        var (foreground, voxels) = (logits.Above(0).logical_and_(own).sum([1L, 2, 3]), own.sum([1L, 2, 3]));
        for (var i = 0; i < tasks.Count; i++)
        {
            Add(tasks[i].Column, foreground[i]);
            Add(_columns + tasks[i].Column, voxels[i]);
        }
    }

    /// <param name="aggregate">P: probabilities (N, D, H, W).</param>
    /// <param name="synthetic">The synthetic task's, likewise.</param>
    public void Compare(Tensor aggregate, Tensor synthetic, Tensor mask)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        var own = mask.to(ScalarType.Bool);
        var (p, s) = (aggregate.Above(0.5).logical_and_(own), synthetic.Above(0.5).logical_and_(own));
        var first = 2 * _columns;
        Add(first, p.sum());
        Add(first + 1, s.sum());
        Add(first + 2, p.logical_and_(s).sum());
        Add(first + 3, own.sum());
    }

    public void Dispose() => _sums.Dispose();

    private void Add(long at, Tensor count) => _sums.select(0, at).AddInPlace(count);
}
