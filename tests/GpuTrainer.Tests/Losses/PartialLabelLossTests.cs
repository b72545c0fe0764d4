using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Losses;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Losses;

/// <summary>Labels of two tasks teach a third one nothing, in no term: for it they are missing, not background.</summary>
public sealed class PartialLabelLossTests
{
    private static readonly Prompt[] Tasks = [new(0), new(1), new(1), new(0)];

    [Fact]
    public void In_stage_1_a_tasks_column_learns_from_its_own_samples_alone()
    {
        using var scope = NewDisposeScope();
        var gradients = ColumnGradients((network, batch, half, _) => VerSemiLoss.Stage1(network, batch, half, new LossWeights()));
        Assert.True(gradients[0] > 0 && gradients[1] > 0);
        Assert.Equal(0, gradients[2]);
    }

    [Fact]
    public void In_stage_2_the_mixed_labels_say_nothing_of_other_tasks_either()
    {
        using var scope = NewDisposeScope();
        var gradients = ColumnGradients((network, batch, half, mask) =>
            VerSemiLoss.Stage2(network, batch, Field(3), half, mask, [new(0), new(1), new(2)], new LossWeights(Consistency: 0)));
        Assert.True(gradients[0] > 0 && gradients[1] > 0);
        Assert.Equal(0, gradients[2]);
    }

    [Fact]
    public void Only_the_consistency_of_unlabelled_images_reaches_every_task()
    {
        using var scope = NewDisposeScope();
        var gradients = ColumnGradients((network, batch, half, mask) => VerSemiLoss.Stage2(network, batch, Field(3), half, mask, [new(0), new(1), new(2)], new LossWeights()));
        Assert.All(gradients, norm => Assert.True(norm > 0));
    }

    [Fact]
    public void The_synthetic_target_is_the_union_of_what_the_two_samples_are_annotated_for()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var (batch, mask) = (Batch(), Mask());
        var terms = VerSemiLoss.Stage1(network, batch, mask.narrow(0, 0, 2), new LossWeights()).Backward().Terms;
        using var again = Network();
        // A voxel of a is foreground by a's label, of the pasted b by b's; nothing else is said of it.
        var (half, labels) = (mask.narrow(0, 0, 2), batch.Labels.to(ScalarType.Float32));
        again.Trunk(batch.Images);
        var images = where(half.unsqueeze(1).Above(0.5), batch.Images.narrow(0, 0, 2), batch.Images.narrow(0, 2, 2));
        var union = (labels.narrow(0, 0, 2) * half).maximum(labels.narrow(0, 2, 2) * half.OneMinus());
        var prediction = again.ForegroundLogits(again.Trunk(images, statisticsPasses: 3), [0, 1], [Prompt.Synthetic, Prompt.Synthetic]).sigmoid();
        Assert.Equal(VoxelLosses.Dice(prediction, union).Value(), terms["synthetic"], 1e-5);
    }

    private static double[] ColumnGradients(Func<VerSemiNetwork, LabelledBatch, Tensor, Tensor, StepLoss> loss)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var mask = Mask();
        loss(network, Batch(), mask.narrow(0, 0, 2), mask).Backward();
        var gradient = network.get_parameter("controller.columns")!.grad!;
        return [.. Enumerable.Range(0, 3).Select(column => gradient[column].norm().Value())];
    }

    private static VerSemiNetwork Network()
    {
        var network = new VerSemiNetwork(4, FeatureNorm.Group, columns: 3, seed: 1);
        network.train();
        return network;
    }

    private static LabelledBatch Batch() => new(Field(1), Field(2).squeeze(1).Above(0.8).to(ScalarType.Int64), Tasks);

    private static Tensor Field(int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return rand([4, 1, 16, 32, 16], generator: generator);
    }

    private static Tensor Mask()
    {
        var mask = ones([4, 16, 32, 16]);
        mask.narrow(1, 4, 8).narrow(2, 4, 16).narrow(3, 4, 8).zero_();
        return mask;
    }
}
