using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;

namespace VerSemi.GpuTrainer.Tests.Planning;

public class StepMemoryTests
{
    [Theory]
    [InlineData(8, 32, 32, 32, 2)]
    [InlineData(16, 32, 48, 32, 4)] // the built-in recipe `small`
    [InlineData(16, 32, 48, 32, 4, NetworkDesign.Fine)]
    public async Task The_model_is_within_a_quarter_of_a_measured_step(int width, int x, int y, int z, int batch, NetworkDesign network = NetworkDesign.Reference)
    {
        var measured = await MeasuredStep.MemoryAsync(width, [x, y, z], batch, tasks: 2, network, TestContext.Current.CancellationToken);
        var predicted = StepMemory.Of(width, (long)x * y * z, batch, network: network);

        Assert.InRange((double)predicted / measured, 0.75, 1.25);
    }
}
