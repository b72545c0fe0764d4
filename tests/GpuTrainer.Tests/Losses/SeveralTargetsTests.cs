using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VerSemi.GpuTrainer.Tests.Losses;

/// <summary>Images that are annotated for several tasks at once.</summary>
public sealed class SeveralTargetsTests : IDisposable
{
    private static readonly Prompt[] Tasks = [new(0), new(1)];
    private static readonly Annotation[] Both = [new(0, new(1)), new(1, new(0))];
    private readonly Tensor _mask = Mask();

    [Fact]
    public void All_foreground_of_a_mixed_image_is_everything_that_either_half_is_annotated_for()
    {
        using var scope = NewDisposeScope();
        var (labels, batch) = (Labels(4), Batch(Labels(4), Both));
        var expected = MixedTargets.Mix(labels[0].maximum(labels[2]).unsqueeze(0), labels[1].maximum(labels[3]).unsqueeze(0), _mask);
        Assert.True(Same(expected, new MixedTargets(batch, _mask, Unannotated.Background).Union()));
        var terms = Terms(batch, new LossWeights());
        Assert.NotEqual(Terms(Batch(labels.narrow(0, 0, 2)), new LossWeights())["synthetic"], terms["synthetic"]);
    }

    [Fact]
    public void A_task_is_foreground_in_both_halves_that_are_annotated_for_it()
    {
        using var scope = NewDisposeScope();
        var labels = Labels(4);
        var targets = new MixedTargets(Batch(labels, Both), _mask, Unannotated.Background);
        var (ground, pasted) = (targets.Of(ofPasted: false), targets.Of(ofPasted: true));
        Assert.True(Same(MixedTargets.Mix(labels.narrow(0, 0, 1), labels.narrow(0, 3, 1), _mask), ground.Target));
        Assert.True(Same(MixedTargets.Mix(labels.narrow(0, 2, 1), labels.narrow(0, 1, 1), _mask), pasted.Target));
        Assert.Null(ground.Holds);
        Assert.Null(pasted.Holds);
    }

    [Theory]
    [InlineData(Unannotated.Background)]
    [InlineData(Unannotated.Ignored)]
    public void Where_the_other_half_is_not_annotated_it_is_background_as_in_the_reference_or_says_nothing(Unannotated unannotated)
    {
        using var scope = NewDisposeScope();
        var labels = Labels(2);
        var (target, holds) = new MixedTargets(Batch(labels), _mask, unannotated).Of(ofPasted: true);
        Assert.True(Same((labels.narrow(0, 1, 1) * _mask.OneMinus()), target));
        Assert.Equal(unannotated == Unannotated.Ignored, holds is not null && Same(_mask.OneMinus(), holds));
    }

    [Fact]
    public void The_pasted_cube_is_everything_that_its_image_is_annotated_for()
    {
        using var scope = NewDisposeScope();
        var labels = Labels(4);
        var union = Batch(labels, Both).UnionLabels();
        Assert.True(Same(stack([labels[0].maximum(labels[2]), labels[1].maximum(labels[3])]), union));
        var (first, other) = (Stage2(Batch(labels, Both)), Stage2(Batch(labels.narrow(0, 0, 2), union: union)));
        Assert.Equal(other["paste"], first["paste"]);
        Assert.NotEqual(Stage2(Batch(labels.narrow(0, 0, 2)))["paste"], first["paste"]);
    }

    [Theory]
    [InlineData(DiceOver.Batch)]
    [InlineData(DiceOver.Prompt)]
    [InlineData(DiceOver.Sample)]
    public void Every_annotated_prompt_learns_from_every_image(DiceOver over)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        VerSemiLoss.Stage1(network, Batch(Labels(3), [new(0, new(2))]), _mask, new LossWeights(Synthetic: 0, Specific: 0, Over: over)).Backward();
        Assert.All(Enumerable.Range(0, 3), column => Assert.True(network.get_parameter("controller.columns")!.grad![column].norm().Value() > 0));
    }

    [Theory]
    [InlineData(DiceOver.Prompt)]
    [InlineData(DiceOver.Sample)]
    public void Heads_in_groups_have_the_loss_and_the_gradients_of_all_heads_at_once(DiceOver over)
    {
        using var scope = NewDisposeScope();
        var labels = Labels(6);
        Annotation[] others = [new(0, new(1)), new(0, new(2)), new(1, new(0)), new(1, new(2))];
        var batch = Batch(labels, others);
        using var grouped = Network();
        var values = VerSemiLoss.Stage1(grouped, batch, _mask, new LossWeights(Synthetic: 0, Specific: 0, Over: over)).Backward(share: 0.5);

        using var whole = Network();
        var trunk = whole.Trunk(batch.Images);
        var logits = whole.ForegroundLogits(trunk, [0, 1, 0, 0, 1, 1], [.. batch.Annotations.Select(annotation => annotation.Task)]);
        var pools = over == DiceOver.Sample ? (int[])[0, 1, 2, 3, 4, 5] : [0, 1, 1, 2, 0, 2];
        var (dice, ce) = (VoxelLosses.Dice(logits.sigmoid(), labels, pools), VoxelLosses.CrossEntropy(logits, labels));
        dice.Plus(ce).Times(0.5).backward();

        Assert.Equal(dice.Value(), values.Terms["dice"], 1e-6);
        Assert.Equal(ce.Value(), values.Terms["ce"], 1e-6);
        Assert.Equal(dice.Value() + ce.Value(), values.Total, 1e-6);
        foreach (var (name, parameter) in whole.named_parameters())
            if (parameter.grad is { } expected) // a bias in front of a norm has rounding for a gradient
                Assert.True((grouped.get_parameter(name)!.grad! - expected).norm().Value() <= 1e-3 * expected.norm().Value() + 5e-4, $"{name}: {(grouped.get_parameter(name)!.grad! - expected).norm().Value()} of {expected.norm().Value()}");
    }

    [Fact]
    public void An_empty_answer_costs_a_small_target_as_much_as_a_large_one_unless_the_sum_is_over_the_batch()
    {
        using var scope = NewDisposeScope();
        var large = ones(1, 16, 16, 16);
        var small = functional.pad(ones(1, 1, 1, 2), [7L, 7, 8, 7, 8, 7]);
        var (target, withoutSmall) = (cat([large, small]), cat([large, zeros_like(small)]));
        Assert.InRange(VoxelLosses.Dice(withoutSmall, target, DicePools.Of(DiceOver.Batch, Tasks)).Value(), 0, 0.001);
        Assert.Equal(0.5, VoxelLosses.Dice(withoutSmall, target, DicePools.Of(DiceOver.Prompt, Tasks)).Value(), 1e-3);
        Assert.Equal(0.5, VoxelLosses.Dice(withoutSmall, target, DicePools.Of(DiceOver.Sample, Tasks)).Value(), 1e-3);
    }

    [Fact]
    public void Over_the_prompt_the_samples_of_one_prompt_share_a_sum()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var (prediction, target) = (rand([3, 4, 4, 4], generator: generator), rand([3, 4, 4, 4], generator: generator).Above(0.5).to(ScalarType.Float32));
        var pooled = VoxelLosses.Dice(prediction, target, DicePools.Of(DiceOver.Prompt, [new(4), new(2), new(4)]));
        var first = VoxelLosses.Dice(stack([prediction[0], prediction[2]]), stack([target[0], target[2]])).Value();
        Assert.Equal((first + VoxelLosses.Dice(prediction[1], target[1]).Value()) / 2, pooled.Value(), 1e-6);
    }

    public void Dispose() => _mask.Dispose();

    private Dictionary<string, double> Terms(LabelledBatch batch, LossWeights weights)
    {
        using var network = Network();
        return VerSemiLoss.Stage1(network, batch, _mask, weights).Backward().Terms.ToDictionary();
    }

    private Dictionary<string, double> Stage2(LabelledBatch batch)
    {
        using var network = Network();
        return VerSemiLoss.Stage2(network, batch, Field(9, 2), _mask, cat([_mask, _mask]), Tasks, new LossWeights()).Backward().Terms.ToDictionary();
    }

    private static bool Same(Tensor expected, Tensor actual) => expected.shape.SequenceEqual(actual.shape) && expected.eq(actual).all().item<bool>();

    private static VerSemiNetwork Network()
    {
        var network = new VerSemiNetwork(4, FeatureNorm.Group, columns: 3, seed: 1);
        network.train();
        return network;
    }

    private static LabelledBatch Batch(Tensor labels, Annotation[]? others = null, Tensor? union = null) => new(Field(1, 2), labels, Tasks, others, union);

    private static Tensor Labels(int count) => Field(2, count).squeeze(1).Above(0.8).to(ScalarType.Float32);

    private static Tensor Field(int seed, int count)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return rand([count, 1, 16, 32, 16], generator: generator);
    }

    private static Tensor Mask()
    {
        var mask = ones([1, 16, 32, 16]);
        mask.narrow(1, 4, 8).narrow(2, 4, 16).narrow(3, 4, 8).zero_();
        return mask;
    }
}
