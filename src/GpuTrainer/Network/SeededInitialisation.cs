using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// PyTorch's default initialisation of convolutions, drawn from a generator of its own: weights depend on the seed
/// alone, never on what else the process drew.
/// </summary>
internal sealed class SeededInitialisation(int seed) : IDisposable
{
    private readonly Generator _generator = new(unchecked((ulong)seed), CPU);

    /// <summary>
    /// Uniform in ±1/√fan: Kaiming's uniform bound (He et al., 2015) at a = √5, which PyTorch takes for weights and biases.
    /// </summary>
    public Parameter Uniform(long fan, params long[] shape)
    {
        using var unit = rand(shape, generator: _generator);
        var bound = 1 / Math.Sqrt(fan);
        var values = unit.MultiplyInPlace(2 * bound).SubtractInPlace(bound).clone();
        return Owned(new Parameter(values));
    }

    /// <summary>Weights outlive the dispose scope in which a network happens to be made.</summary>
    public static T Owned<T>(T weights) where T : Tensor
    {
        weights.DetachFromDisposeScope();
        return weights;
    }

    public void Dispose() => _generator.Dispose();
}
