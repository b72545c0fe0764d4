using VerSemi.GpuTrainer.Losses;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Losses;

public sealed class StepLossTests
{
    [Fact]
    public void A_part_is_differentiated_and_freed_before_the_next_one_is_computed()
    {
        using var scope = NewDisposeScope();
        var weight = tensor([1f, 2f], requires_grad: true);
        Tensor? kept = null;
        var loss = new StepLoss([
            _ => new LossPart([("first", (kept = weight * weight).sum(), 3)]),
            _ =>
            {
                Assert.Equal([6f, 12f], weight.grad!.data<float>().ToArray());
                Assert.True(kept!.IsInvalid);
                return new LossPart([("second", weight.sum(), 1), ("third", weight.prod(), 0)]);
            }]);
        var values = loss.Backward();
        Assert.Equal([7f, 13f], weight.grad!.data<float>().ToArray());
        Assert.Equal(3 * 5 + 3, values.Total, 6);
        Assert.Equal(new() { ["first"] = 5, ["second"] = 3, ["third"] = 2 }, values.Terms.ToDictionary());
    }

    [Fact]
    public void A_share_scales_the_gradients_and_not_the_values()
    {
        using var scope = NewDisposeScope();
        var weight = tensor(2f, requires_grad: true);
        var values = new StepLoss([_ => new LossPart([("only", weight * weight, 1)])]).Backward(share: 0.25);
        Assert.Equal(1f, weight.grad!.item<float>());
        Assert.Equal(4, values.Total);
    }
}
