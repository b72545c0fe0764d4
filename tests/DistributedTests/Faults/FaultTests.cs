using VerSemi.DistributedKit.Faults;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests.Faults;

/// <summary>The short version of the fault run; the long one is a command of the benchmarks.</summary>
public sealed class FaultTests
{
    private const int Faults = 20;

    [Fact]
    public async Task Nothing_is_lost_doubled_half_written_or_stuck_whatever_fails()
    {
        using var folder = new TempFolder();
        var output = TestContext.Current.TestOutputHelper!;
        var result = await new FaultRun(seed: 1, faults: Faults, leastDrops: 1, folder.Path, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine(result.ToString());

        Assert.True(result.IsSound, result.ToString());
        Assert.Equal(Faults, result.Faults);
        Assert.Equal(result.Weights.Count, result.Cycles);
    }
}
