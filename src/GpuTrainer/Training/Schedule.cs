using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Losses;

namespace VerSemi.GpuTrainer.Training;

/// <summary>What a recipe says about a step; steps count from 0 over both stages.</summary>
public sealed class Schedule(TrainingRecipe recipe)
{
    public static Schedule Of(RunSpecification run) => new(IsHeadOnly(run) ? OfHeadOnly(run.Recipe) : run.Recipe);

    /// <summary>A line's first training is joint, whatever its recipe says.</summary>
    public static bool IsHeadOnly(RunSpecification run) => run is { Recipe.Growth: GrowthMode.HeadOnly, Champion: not null };

    /// <summary>Head-only growth takes all its steps in stage 1: nothing that unlabelled images say reaches a new column.</summary>
    public static TrainingRecipe OfHeadOnly(TrainingRecipe recipe) => recipe with { Stage1Steps = recipe.Stage1Steps + recipe.Stage2Steps, Stage2Steps = 0 };

    public int Steps => recipe.Stage1Steps + recipe.Stage2Steps;

    public int StageOf(int step) => step < recipe.Stage1Steps ? 1 : 2;

    public int StepInStage(int step) => step < recipe.Stage1Steps ? step : step - recipe.Stage1Steps;

    /// <param name="warm">The training started from the champion's weights.</param>
    public double LearningRate(int step, bool warm) =>
        recipe.LearningRate * (warm ? recipe.WarmStartLearningRateFactor : 1) * Math.Pow(1 - (double)step / Steps, recipe.LearningRateDecayPower);

    public LossWeights Weights(int step) =>
        new(recipe.SyntheticWeight, recipe.SpecificWeight, recipe.ConsistencyWeight * Ramp(StepInStage(step), recipe.ConsistencyRampSteps), recipe.PasteWeight, recipe.DetachAggregate,
            recipe.TeacherWeight * Ramp(StepInStage(step), recipe.TeacherRampSteps), recipe.DiceOver, recipe.Unannotated,
            recipe.ConsistencyTemperature, recipe.ConsistencyConfidence, recipe.TeacherConfidence, recipe.TeacherBothWays);

    public bool IsDue(int done, int every) => done % every == 0 || done == Steps;

    private static double Ramp(int step, int steps) => step >= steps ? 1 : Math.Exp(-5 * Math.Pow(1 - (double)step / steps, 2));
}
