using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Training;

public sealed class OptimiserTests
{
    [Fact]
    public void Adam_takes_the_steps_that_torchs_own_takes()
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (nn.Linear(7, 5), nn.Linear(7, 5));
        theirs.load_state_dict(ours.state_dict());
        using var adam = new Adam(ours, 0.5, 0.999);
        var reference = optim.Adam(theirs.parameters(), lr: 1e-2, beta1: 0.5, beta2: 0.999);
        for (var step = 0; step < 5; step++)
        {
            var x = tensor([.. Enumerable.Range(0, 21).Select(i => i * (step + 1) / 10f)]).view(3, 7);
            adam.ClearGradients();
            ours.call(x).Squared().sum().backward();
            adam.Step(step, 1e-2);
            reference.zero_grad();
            theirs.call(x).Squared().sum().backward();
            reference.step();
        }
        Assert.Equal(theirs.weight.data<float>().ToArray(), ours.weight!.data<float>().ToArray());
    }

    [Fact]
    public void The_prompt_columns_move_by_their_factor_and_nothing_else_does()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, 2, seed: 1);
        var before = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        using var adam = new Adam(network, 0.5, 0.999, name => VerSemiNetwork.IsPrompt(name) ? 10 : 1);
        network.Heads(network.Trunk(randn([2, 1, 16, 16, 16])), [0, 1, 0], [new Prompt(0), new Prompt(1), Prompt.Synthetic]).Squared().sum().backward();
        adam.Step(0, 1e-3);
        // Adam's first step moves a number with a gradient by the learning rate.
        double Moved(string name) => (network.get_parameter(name)!.detach() - before[name]).abs().max().Value();
        Assert.Equal(1e-2, Moved("controller.columns"), 1e-4);
        Assert.Equal(1e-2, Moved("controller.synthetic"), 1e-4);
        Assert.Equal(1e-3, Moved("controller.bias"), 1e-5);
    }

    [Fact]
    public void A_gradient_that_is_too_long_is_shortened_to_the_clip()
    {
        using var scope = NewDisposeScope();
        var linear = nn.Linear(3, 1, hasBias: false);
        using var adam = new Adam(linear, 0.5, 0.999);
        linear.call(tensor(new[] { 3f, 4f, 0f }, [1, 3])).sum().backward();
        Assert.Equal(5, adam.ClipGradients(1), 1e-6);
        Assert.Equal([0.6f, 0.8f, 0f], linear.weight.grad!.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.5)]
    [InlineData(9, 0.9)]
    [InlineData(99, 0.99)]
    [InlineData(5000, 0.99)]
    public void The_averages_alpha_grows_with_the_global_step_up_to_the_decay(int step, double alpha) =>
        Assert.Equal(alpha, WeightAverage.Alpha(step, 0.99), 1e-12);

    [Fact]
    public void The_average_holds_batch_norms_buffers_too()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, 1, seed: 1);
        using var average = new VerSemiNetwork(4, FeatureNorm.Batch, 1, seed: 2);
        WeightAverage.Update(average, network, step: 0, 0.99);
        network.Trunk(randn([2, 1, 16, 16, 16]));
        WeightAverage.Update(average, network, step: 3, 0.99);
        var (mean, now) = (average.state_dict()["feature_norm.running_mean"], network.state_dict()["feature_norm.running_mean"]);
        Assert.True(now.abs().sum().Value() > 0);
        Assert.True(allclose(mean, now.Times(0.25)));
    }
}
