using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Losses;

/// <summary>The terms of a loss, each still unweighted, and their weighted sum with its graph.</summary>
public sealed class LossTerms
{
    private readonly string[] _names;
    private readonly Tensor _values;
    private IReadOnlyDictionary<string, double>? _terms;

    /// <param name="terms">Scalars with their graph and the weight that each has in the total.</param>
    internal LossTerms(params (string Name, Tensor Value, double Weight)[] terms)
    {
        _names = [.. terms.Select(term => term.Name)];
        var values = stack([.. terms.Select(term => term.Value)]);
        using var weights = tensor([.. terms.Select(term => (float)term.Weight)], ScalarType.Float32, values.device);
        // Not a dot product: BLAS's last bit depends on where an array lies in memory, and a small array's place is chance.
        Total = (values * weights).sum();
        _values = values.detach();
    }

    public Tensor Total { get; }

    /// <summary>Read in one transfer when first asked for, which waits for the device: before the step's dispose scope ends.</summary>
    public IReadOnlyDictionary<string, double> Terms => _terms ??= Read();

    private Dictionary<string, double> Read()
    {
        using var values = _values.cpu();
        return _names.Zip(values.data<float>().ToArray()).ToDictionary(pair => pair.First, pair => (double)pair.Second);
    }
}
