using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Losses;

/// <summary>What the EMA teacher adds to stage 2, and that a term of weight 0 costs nothing.</summary>
public sealed class TeacherTests : IDisposable
{
    private static readonly long[] Patch = [16, 16, 16];
    private static readonly Prompt[] Tasks = [new(0), new(1)];

    private readonly VerSemiNetwork _student = new(4, FeatureNorm.Batch, columns: 2, seed: 1);
    private readonly VerSemiNetwork _teacher = new(4, FeatureNorm.Batch, columns: 2, seed: 2);
    private readonly LabelledBatch _batch = new(Field(1), Labels(), Tasks);
    private readonly Tensor _unlabelled = Field(3);
    private readonly Tensor _mask = Cube();

    public TeacherTests() => _student.train();

    [Fact]
    public void The_teachers_answers_are_its_evaluation_mode_answers_to_the_pasted_samples_task_and_to_another_without_graph()
    {
        using var scope = NewDisposeScope();
        var answers = TeacherAnswers.Of(_teacher, _unlabelled, Tasks, Tasks, draw: 0, noise: null);
        _teacher.eval();
        var trunk = _teacher.Trunk(_unlabelled);
        Assert.Equal([new Prompt(0), new Prompt(1), new Prompt(1), new Prompt(0)], answers.Tasks);
        var logits = _teacher.Heads(trunk, [0, 1, 0, 1], [.. answers.Tasks]);
        Assert.True(allclose(logits.softmax(1).select(1, 1), answers.Foreground, atol: 1e-6));
        Assert.False(answers.Foreground.requires_grad);
    }

    [Fact]
    public void Pseudo_labels_are_the_teachers_outside_the_cube_and_the_truth_inside()
    {
        using var scope = NewDisposeScope();
        // A teacher that says foreground everywhere: the target is 1 outside the cube and the label inside.
        var everywhere = new TeacherAnswers([new(0), new(1), new(1), new(0)], ones([4, .. Patch]), Noise: null);
        var term = Terms(new LossWeights(0, 0, 0, 0, Teacher: 1), everywhere)["teacher"];

        var labels = _batch.Labels.to(ScalarType.Float32);
        // Of the other task nothing is known inside.
        var target = cat([_mask.Plus(labels * _mask.OneMinus()), _mask]);
        var holds = cat([ones_like(_mask), _mask]);
        var trunk = _student.Trunk((_unlabelled * _mask.unsqueeze(1)).Plus(_batch.Images * _mask.unsqueeze(1).OneMinus()));
        var logits = _student.ForegroundLogits(trunk, [0, 1, 0, 1], [new(0), new(1), new(1), new(0)]);
        var expected = VoxelLosses.Dice(logits.sigmoid() * holds, target).Plus((nn.functional.binary_cross_entropy_with_logits(logits, target, reduction: nn.Reduction.None) * holds).mean());
        Assert.Equal(expected.Value(), term, 5);
    }

    [Fact]
    public void Answers_below_the_confidence_teach_nothing_and_the_truth_always_does()
    {
        using var scope = NewDisposeScope();
        var foreground = Field(5, 4).squeeze(1);
        var answers = new TeacherAnswers([new(0), new(1), new(1), new(0)], foreground, Noise: null);
        var labels = _batch.Labels.to(ScalarType.Float32);
        var (target, holds) = answers.PseudoLabels(labels, _mask, confidence: 0.9);
        var sure = foreground.Above(0.9).logical_or_(foreground.OneMinus().Above(0.9)).to(ScalarType.Float32);
        var known = cat([_mask * sure.narrow(0, 0, 2), _mask * sure.narrow(0, 2, 2)]);
        var truth = cat([_mask.OneMinus(), zeros_like(_mask)]);
        Assert.True(allclose(known.Plus(truth), holds));
        Assert.True(allclose((foreground.Above(0.5).to(ScalarType.Float32) * known).Plus(cat([labels, labels]) * truth), target));
        Assert.InRange(sure.mean().Value(), 0.15, 0.25); // both sides: uniform answers are sure in a fifth of the voxels
    }

    [Fact]
    public void Unsure_answers_on_noisy_images_are_left_out_of_the_mean_square()
    {
        using var scope = NewDisposeScope();
        var noise = zeros_like(_unlabelled);
        var answers = new TeacherAnswers([new(0), new(1), new(1), new(0)], Field(5, 4).squeeze(1), noise);
        var term = Terms(new LossWeights(0, 0, 0, 0, TeacherConfidence: 0.9), answers)["teacher"];
        var student = _student.ForegroundLogits(_student.Trunk(_unlabelled), [0, 1, 0, 1], [.. answers.Tasks]).sigmoid();
        Assert.Equal(((student - answers.Foreground).Squared() * answers.Confident(0.9)!).mean().Value(), term, 6);
    }

    [Fact]
    public void Both_ways_the_unlabelled_cube_in_the_labelled_image_is_learnt_too()
    {
        using var scope = NewDisposeScope();
        var everywhere = new TeacherAnswers([new(0), new(1), new(1), new(0)], ones([4, .. Patch]), Noise: null);
        var terms = Terms(new LossWeights(0, 0, 0, 0, Teacher: 0.5, BothWays: true), everywhere);
        var (cube, around, labels) = (_mask.OneMinus(), _mask, _batch.Labels.to(ScalarType.Float32));
        // The truth around the cube, the teacher's foreground inside; of the other task nothing is known around it.
        var (target, holds) = (cat([cube.Plus(labels * around), cube]), cat([ones_like(cube), cube]));
        var trunk = _student.Trunk((_batch.Images * around.unsqueeze(1)).Plus(_unlabelled * cube.unsqueeze(1)));
        var logits = _student.ForegroundLogits(trunk, [0, 1, 0, 1], [.. everywhere.Tasks]);
        var expected = VoxelLosses.Dice(logits.sigmoid() * holds, target).Plus(VoxelLosses.CrossEntropy(logits, target, holds));
        Assert.Equal(expected.Value(), terms["teacher_outwards"], 5);
        Assert.DoesNotContain("teacher_outwards", Terms(new LossWeights(0, 0, 0, 0, Teacher: 0.5), everywhere).Keys);
    }

    [Fact]
    public void The_aggregate_is_sharpened_by_the_temperature_and_counts_where_it_is_sure()
    {
        using var scope = NewDisposeScope();
        var weights = new LossWeights(0, 0, 1, 0, Temperature: 0.1, Confidence: 0.52);
        _student.eval(); // running statistics stand still
        var term = Terms(weights, teacher: null)["aggregate"];
        var trunk = _student.Trunk((_unlabelled * _mask.unsqueeze(1)).Plus(_batch.Images * _mask.unsqueeze(1).OneMinus()));
        var logits = _student.MaximalForegroundLogits(trunk, Tasks);
        var sure = logits.sigmoid().Above(0.52).logical_or_(logits.sigmoid().OneMinus().Above(0.52)).to(ScalarType.Float32);
        var synthetic = _student.ForegroundLogits(trunk, [0, 1], [Prompt.Synthetic, Prompt.Synthetic]).sigmoid();
        Assert.InRange(sure.mean().Value(), 0.01, 0.99);
        Assert.Equal(VoxelLosses.Dice(synthetic * sure, logits.Times(10).sigmoid() * sure).Value(), term, 5);
        Assert.NotEqual(Terms(weights with { Temperature = 1 }, teacher: null)["aggregate"], term);
        Assert.NotEqual(Terms(weights with { Confidence = 0.5 }, teacher: null)["aggregate"], term);
    }

    [Fact]
    public void Each_other_task_comes_in_turn_and_never_the_own()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 4, seed: 1);
        Prompt[] all = [new(0), new(1), new(2), new(3)];
        var others = Enumerable.Range(0, 3).Select(draw => TeacherAnswers.Of(network, _unlabelled, [new(2), new(0)], all, draw, noise: null).Tasks.Skip(2).ToArray()).ToList();
        Assert.Equal([3, 0, 1], others.Select(tasks => tasks[0].Column));
        Assert.Equal([1, 2, 3], others.Select(tasks => tasks[1].Column));
    }

    [Fact]
    public void Noisy_images_are_pulled_to_the_teachers_probabilities()
    {
        using var scope = NewDisposeScope();
        var noise = Field(4).squeeze(1).unsqueeze(1).Times(0.1);
        var answers = TeacherAnswers.Of(_teacher, _unlabelled, Tasks, Tasks, draw: 0, noise);
        var term = Terms(new LossWeights(0, 0, 0, 0, Teacher: 1), answers)["teacher"];
        var student = _student.ForegroundLogits(_student.Trunk(_unlabelled.Plus(noise)), [0, 1, 0, 1], [.. answers.Tasks]).sigmoid();
        Assert.Equal((student - answers.Foreground).Squared().mean().Value(), term, 6);
    }

    [Fact]
    public void Without_a_teacher_and_with_all_weights_0_only_the_supervised_terms_are_left()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(["dice", "ce"], Terms(new LossWeights(0, 0, 0, 0), teacher: null).Keys);
        var first = VerSemiLoss.Stage1(_student, _batch, _mask.narrow(0, 0, 1), new LossWeights(0, 0, 0, 0)).Backward();
        Assert.Equal(["dice", "ce"], first.Terms.Keys);
    }

    [Theory]
    [InlineData(1, 0, "synthetic"), InlineData(0, 0.5, "specific")]
    public void In_stage_1_each_term_of_the_mixed_images_is_left_out_on_its_own(double synthetic, double specific, string left)
    {
        using var scope = NewDisposeScope();
        var loss = VerSemiLoss.Stage1(_student, _batch, _mask.narrow(0, 0, 1), new LossWeights(synthetic, specific)).Backward();
        Assert.Equal(["dice", "ce", left], loss.Terms.Keys);
    }

    [Fact]
    public void The_teacher_learns_nothing_from_its_own_answers()
    {
        using var scope = NewDisposeScope();
        VerSemiLoss.Stage2(_student, _batch, _unlabelled, _mask.narrow(0, 0, 1), _mask, Tasks, new LossWeights(), TeacherAnswers.Of(_teacher, _unlabelled, Tasks, Tasks, draw: 0, noise: null)).Backward();
        Assert.All(_teacher.parameters(), parameter => Assert.True(parameter.grad is null));
        Assert.All(_student.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    public void Dispose()
    {
        _student.Dispose();
        _teacher.Dispose();
    }

    private IReadOnlyDictionary<string, double> Terms(LossWeights weights, TeacherAnswers? teacher) =>
        VerSemiLoss.Stage2(_student, _batch, _unlabelled, _mask.narrow(0, 0, 1), _mask, Tasks, weights, teacher).Backward().Terms;

    private static Tensor Field(int seed, int count = 2)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return rand([count, 1, .. Patch], generator: generator);
    }

    private static Tensor Labels()
    {
        using var scope = NewDisposeScope();
        return Field(2).squeeze(1).Above(0.7).to(ScalarType.Int64).MoveToOuterDisposeScope();
    }

    private static Tensor Cube()
    {
        var mask = ones([2, .. Patch]);
        mask.narrow(1, 4, 8).narrow(2, 4, 8).narrow(3, 4, 8).zero_();
        return mask;
    }
}
