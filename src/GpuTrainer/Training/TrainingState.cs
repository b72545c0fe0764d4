using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>All that changes while a model is trained: weights, their average, the optimiser and the count of steps.</summary>
public sealed class TrainingState : IDisposable
{
    /// <param name="network">As it starts; its average starts equal.</param>
    public TrainingState(VerSemiNetwork network, TrainingRecipe recipe, Device device)
    {
        Network = network.MovedTo(device);
        Average = new VerSemiNetwork(recipe.Width, recipe.Norm, network.Columns, seed: 0, recipe.Network).MovedTo(device);
        Network.Precision = Average.Precision = recipe.Precision;
        Optimiser = new Adam(Network, recipe.Beta1, recipe.Beta2, name => VerSemiNetwork.IsPrompt(name) ? recipe.PromptLearningRateFactor : 1);
        WeightAverage.Update(Average, Network, step: 0, recipe.EmaDecay);
    }

    public VerSemiNetwork Network { get; }

    /// <summary>The EMA teacher.</summary>
    public VerSemiNetwork Average { get; }
    public Adam Optimiser { get; }

    /// <summary>Steps done, over both stages.</summary>
    public int Step { get; set; }

    public VerSemiNetwork Of(WeightsKind kind) => kind == WeightsKind.Average ? Average : Network;

    /// <summary>Every tensor of the state by its name in a checkpoint; writing into them sets the state.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors() =>
        [.. Network.state_dict().Select(entry => ($"weights/{entry.Key}", entry.Value)),
         .. Average.state_dict().Select(entry => ($"average/{entry.Key}", entry.Value)),
         .. Optimiser.State.Select(entry => ($"adam/{entry.Name}", entry.Value))];

    public void Dispose()
    {
        Optimiser.Dispose();
        Average.Dispose();
        Network.Dispose();
    }
}
