using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>
/// Adam (Kingma, Ba 2015) without weight decay, as torch.optim.Adam computes it. Its own because its state belongs into
/// the checkpoint by parameter name and bit for bit.
/// </summary>
public sealed class Adam : IDisposable
{
    private const double Epsilon = 1e-8;
    private readonly List<(string Name, Parameter Value, Tensor First, Tensor Second, double Factor)> _parameters = [];
    private readonly double _beta1;
    private readonly double _beta2;

    /// <param name="factorOf">What the learning rate is multiplied with for a parameter of this name; null: 1 for all.</param>
    public Adam(nn.Module network, double beta1, double beta2, Func<string, double>? factorOf = null)
    {
        (_beta1, _beta2) = (beta1, beta2);
        foreach (var (name, parameter) in network.named_parameters())
            _parameters.Add((name, parameter, zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope(), factorOf?.Invoke(name) ?? 1));
    }

    /// <summary>The moments by parameter name: first/…, second/….</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        _parameters.SelectMany(p => new[] { ($"first/{p.Name}", p.First), ($"second/{p.Name}", p.Second) });

    public void ClearGradients()
    {
        foreach (var (_, parameter, _, _, _) in _parameters)
            parameter.grad = null;
    }

    /// <summary>The norm over all gradients, scaled down to <paramref name="largest"/> where that is above 0 and exceeded.</summary>
    /// <returns>The norm before scaling.</returns>
    public double ClipGradients(double largest)
    {
        using var scope = NewDisposeScope();
        using var nothing = no_grad();
        var gradients = _parameters.Select(p => p.Value.grad).OfType<Tensor>().ToList();
        var norm = stack([.. gradients.Select(g => g.norm())]).norm().Value();
        if (largest > 0 && norm > largest)
            foreach (var gradient in gradients)
                gradient.MultiplyInPlace(largest / norm);
        return norm;
    }

    /// <param name="step">Steps done before this one.</param>
    public void Step(int step, double learningRate)
    {
        using var nothing = no_grad();
        using var scope = NewDisposeScope();
        var (correction1, correction2) = (1 - Math.Pow(_beta1, step + 1), 1 - Math.Pow(_beta2, step + 1));
        foreach (var (_, parameter, first, second, factor) in _parameters)
        {
            if (parameter.grad is not { } gradient)
                continue;
            first.MultiplyInPlace(_beta1).AddInPlace(gradient, 1 - _beta1);
            second.MultiplyInPlace(_beta2).AddProductInPlace(gradient, gradient, 1 - _beta2);
            var denominator = second.sqrt().Over(Math.Sqrt(correction2)).AddInPlace(Epsilon);
            parameter.AddQuotientInPlace(first, denominator, -learningRate * factor / correction1);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, first, second, _) in _parameters)
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
