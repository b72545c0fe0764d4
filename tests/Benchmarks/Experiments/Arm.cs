using VerSemi.Domain.Recipes;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>One training of an experiment. Experiments share arms: the same arm is trained once.</summary>
/// <param name="Data">A name of <see cref="Pools"/>.</param>
/// <param name="Method">A name of <see cref="Methods"/>, as it stands in tables.</param>
/// <param name="Recipe">What the method is, for this data.</param>
/// <param name="Champion">The arm whose model it starts from; null: random weights.</param>
/// <param name="Seed">Of weights and sampling, and of the choice of labelled cases; the same seeds meet in every method.</param>
public sealed record Arm(string Data, string Method, TrainingRecipe Recipe, int Seed, Arm? Champion = null)
{
    /// <summary>The same with so many times the steps, its champion's too.</summary>
    public Arm Scaled(double factor) => this with { Recipe = Methods.Scaled(Recipe, factor), Champion = Champion?.Scaled(factor) };

    public override string ToString() => $"{Data}/{Method}/{Seed}";
}
