using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

public sealed class FeatureNormalisationTests
{
    [Fact]
    public void A_pass_with_one_value_a_channel_leaves_the_running_statistics_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var network = new VerSemiNetwork(4, FeatureNorm.Batch, columns: 1, seed: 1);
        network.train();
        var pooled = network.Trunk(tensor([.. Enumerable.Range(0, 4096).Select(i => i / 4095f)]).view(1, 1, 16, 16, 16)).Pooled; // one voxel at x5

        var statistics = network.state_dict().Where(entry => entry.Key.StartsWith("pooled_norm.running", StringComparison.Ordinal)).ToDictionary();
        Assert.True(pooled.isfinite().all().item<bool>());
        Assert.All(statistics["pooled_norm.running_mean"].data<float>().ToArray(), mean => Assert.Equal(0, mean));
        Assert.All(statistics["pooled_norm.running_var"].data<float>().ToArray(), variance => Assert.Equal(1, variance));
    }
}
