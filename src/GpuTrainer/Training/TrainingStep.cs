using TorchSharp;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>What a step says of itself.</summary>
/// <param name="GradientNorm">Before clipping.</param>
public sealed record StepReport(double Loss, IReadOnlyDictionary<string, double> Terms, double GradientNorm, double LearningRate);

/// <summary>One optimiser step: loss, gradient, Adam, EMA.</summary>
/// <param name="warm">The training started from the champion's weights.</param>
public sealed class TrainingStep(TrainingState state, TrainingRecipe recipe, Schedule schedule, LabelSpace space, Device device, bool warm)
{
    private readonly IReadOnlyList<Prompt> _aggregated = [.. space.ActiveTasks.Select(task => new Prompt(task.Column))];

    /// <exception cref="NonFiniteLossException">The weights are then as they were before the step.</exception>
    public StepReport Run(PatchBatch batch)
    {
        using var scope = NewDisposeScope(); // tensors are freed late otherwise
        var step = state.Step;
        state.Network.train();
        state.Optimiser.ClearGradients();
        var loss = Loss(batch, schedule.Weights(step));
        var value = Finite(loss.Total.ToDouble(), "loss", batch);
        loss.Total.backward();
        var norm = Finite(state.Optimiser.ClipGradients(recipe.GradientClip), "gradient's norm", batch);
        var learningRate = schedule.LearningRate(step, warm);
        state.Optimiser.Step(step, learningRate);
        state.Optimiser.ClearGradients();
        WeightAverage.Update(state.Average, state.Network, step, recipe.EmaDecay);
        state.Step = step + 1;
        return new StepReport(value, loss.Terms, norm, learningRate);
    }

    private LossTerms Loss(PatchBatch batch, LossWeights weights)
    {
        var (n, d, h, w) = (batch.Tasks.Count, batch.Patch.Z, batch.Patch.Y, batch.Patch.X);
        var labelled = new LabelledBatch(Own(batch.Images, n, 1, d, h, w), tensor(batch.Labels, [n, d, h, w], device: device).to(ScalarType.Int64), batch.Tasks);
        var mask = Own(batch.Mask, n / 2, d, h, w);
        if (batch.Unlabelled is not { } images || batch.UnlabelledMask is not { } unlabelledMask)
            return VerSemiLoss.Stage1(state.Network, labelled, mask, weights);
        var unlabelled = Own(images, n, 1, d, h, w);
        return VerSemiLoss.Stage2(state.Network, labelled, unlabelled, mask, Own(unlabelledMask, n, d, h, w), _aggregated, weights, Teacher(unlabelled, batch.Tasks));
    }

    private TeacherAnswers? Teacher(Tensor unlabelled, IReadOnlyList<Prompt> tasks) => recipe.Teacher == TeacherTarget.None || recipe.TeacherWeight == 0
        ? null
        : TeacherAnswers.Of(state.Average, unlabelled, tasks, recipe.Teacher == TeacherTarget.NoisyImages ? Noise(unlabelled) : null);

    /// <summary>Of standard deviation 0.1, at most 0.2, as in Yu et al.; intensities have unit variance. From the step's own generator: a resume draws the same.</summary>
    private Tensor Noise(Tensor images)
    {
        using var generator = new Generator(unchecked((ulong)state.Step), CPU);
        return randn(images.shape, generator: generator).mul_(0.1).clamp_(-0.2, 0.2).to(device);
    }

    // Copied: a tensor over a managed array lies wherever the array does, and BLAS's last bit depends on that.
    private Tensor Own(float[] values, params long[] shape) => tensor(values, shape, device: device).clone();

    private double Finite(double value, string what, PatchBatch batch) =>
        double.IsFinite(value) ? value : throw new NonFiniteLossException(state.Step + 1, value, what, [.. batch.Cases.Distinct()]);
}
