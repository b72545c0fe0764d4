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

/// <summary>
/// One optimiser step: loss, gradient, Adam, EMA. Of several micro-batches the loss is the mean of theirs: Dice sums over
/// one micro-batch, so this is not the loss of one large batch. BatchNorm's statistics are each micro-batch's own.
/// </summary>
/// <param name="warm">The training started from the champion's weights.</param>
/// <param name="epoch">Told what the steps of stage 2 say of unlabelled images.</param>
/// <param name="growth">Null: joint.</param>
public sealed class TrainingStep(TrainingState state, TrainingRecipe recipe, Schedule schedule, LabelSpace space, Device device, bool warm, UnlabelledEpoch? epoch = null, Growth? growth = null)
{
    private readonly IReadOnlyList<Prompt> _aggregated = [.. space.ActiveTasks.Select(task => new Prompt(task.Column))];

    private bool IsHeadOnly => growth?.Mode == GrowthMode.HeadOnly;

    /// <exception cref="NonFiniteLossException">The weights are then as they were before the step; running statistics may have moved.</exception>
    /// <param name="next">Gives the step's micro-batches, one a call.</param>
    public StepReport Run(Func<PatchBatch> next)
    {
        using var scope = NewDisposeScope(); // tensors are freed late otherwise
        var step = state.Step;
        state.Network.train(!IsHeadOnly); // a frozen norm keeps its statistics
        state.Optimiser.ClearGradients();
        var (value, terms, cases) = (0.0, new Dictionary<string, double>(), new List<string>());
        for (var micro = 0; micro < recipe.Accumulate; micro++)
        {
            var batch = next();
            cases.AddRange(batch.Cases);
            value += Accumulate(batch, micro, terms);
        }
        var norm = Finite(state.Optimiser.ClipGradients(recipe.GradientClip), "gradient's norm", cases);
        var learningRate = schedule.LearningRate(step, warm && !IsHeadOnly); // nothing old can be undone there
        state.Optimiser.Step(step, learningRate);
        state.Optimiser.ClearGradients();
        WeightAverage.Update(state.Average, state.Network, step, recipe.EmaDecay);
        state.Step = step + 1;
        return new StepReport(value, terms, norm, learningRate);
    }

    /// <summary>Adds a micro-batch's share to the gradients and to the terms.</summary>
    /// <returns>Its share of the loss.</returns>
    private double Accumulate(PatchBatch batch, int micro, Dictionary<string, double> terms)
    {
        using var scope = NewDisposeScope();
        var loss = Loss(batch, schedule.Weights(state.Step), state.Step * recipe.Accumulate + micro).Backward(1.0 / recipe.Accumulate);
        var value = Finite(loss.Total, "loss", batch.Cases);
        if (batch.Unlabelled is not null)
            epoch?.Add(batch);
        foreach (var (name, term) in loss.Terms)
            terms[name] = terms.GetValueOrDefault(name) + term / recipe.Accumulate;
        return value / recipe.Accumulate;
    }

    /// <param name="draw">Of its random numbers, over all micro-batches of the run.</param>
    private StepLoss Loss(PatchBatch batch, LossWeights weights, int draw)
    {
        var (n, d, h, w) = (batch.Tasks.Count, batch.Patch.Z, batch.Patch.Y, batch.Patch.X);
        var labels = tensor(batch.Labels, [n + batch.Others.Count, d, h, w], device: device).clone();
        var union = batch.Union is { } any ? tensor(any, [n, d, h, w], device: device).clone() : null;
        var labelled = new LabelledBatch(Own(batch.Images, n, 1, d, h, w), labels, batch.Tasks, batch.Others, union);
        var mask = Own(batch.Mask, n / 2, d, h, w);
        if (IsHeadOnly)
            return VerSemiLoss.NewColumns(state.Network, labelled, mask, weights);
        var old = growth?.At(state.Step);
        if (batch.Unlabelled is not { } images || batch.UnlabelledMask is not { } unlabelledMask)
            return VerSemiLoss.Stage1(state.Network, labelled, mask, weights, old);
        var unlabelled = Own(images, n, 1, d, h, w);
        var seen = batch.Strong is { } strong ? Own(strong, n, 1, d, h, w) : unlabelled;
        return VerSemiLoss.Stage2(state.Network, labelled, seen, mask, Own(unlabelledMask, n, d, h, w), _aggregated, weights, Teacher(unlabelled, batch.Tasks, draw), epoch?.Counts, old);
    }

    private TeacherAnswers? Teacher(Tensor unlabelled, IReadOnlyList<Prompt> tasks, int draw) => recipe.Teacher == TeacherTarget.None || recipe.TeacherWeight == 0
        ? null
        : TeacherAnswers.Of(state.Average, unlabelled, tasks, _aggregated, draw, recipe.Teacher == TeacherTarget.NoisyImages ? Noise(unlabelled, draw) : null);

    /// <summary>Of standard deviation 0.1, at most 0.2, as in Yu et al.; intensities have unit variance. From the micro-batch's own generator: a resume draws the same.</summary>
    private Tensor Noise(Tensor images, int draw)
    {
        using var generator = new Generator(unchecked((ulong)draw), CPU);
        return randn(images.shape, generator: generator).MultiplyInPlace(0.1).ClampInPlace(-0.2, 0.2).to(device);
    }

    // Copied: a tensor over a managed array lies wherever the array does, and BLAS's last bit depends on that.
    private Tensor Own(float[] values, params long[] shape) => tensor(values, shape, device: device).clone();

    private double Finite(double value, string what, IEnumerable<string> cases) =>
        double.IsFinite(value) ? value : throw new NonFiniteLossException(state.Step + 1, value, what, [.. cases.Distinct()]);
}
