using VerSemi.GpuTrainer.Network;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Network;

public sealed class DynamicHeadTests
{
    [Theory]
    [InlineData(false), InlineData(true)]
    public void Piece_by_piece_without_a_graph_it_is_the_same_as_with_one(bool difference)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2, CPU);
        var features = rand([2, DynamicHead.Channels, 20_000], generator: generator); // two pieces and a bit
        var parameters = randn([6, DynamicHead.Parameters], generator: generator);
        var whole = DynamicHead.Run(features, parameters, difference);
        using var off = no_grad();
        var pieces = DynamicHead.Run(features, parameters, difference);
        Assert.Equal(whole.shape, pieces.shape);
        Assert.True(allclose(whole, pieces, rtol: 1e-5, atol: 1e-5));
    }
}
