using VerSemi.DistributedKit;
using VerSemi.DistributedKit.Faults;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests.Faults;

public sealed class SkewedClockTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_with_a_skewed_clock_has_it_wrong_by_as_much_and_its_doctor_says_so()
    {
        if (!SkewedClock.IsInstalled)
            throw TestServers.Missing("faketime");
        await using var system = await DistributedSystem.StartAsync(cancellation: Cancellation);
        await using var doctor = system.Start("Orchestrator", ["doctor"], more: SkewedClock.Environment(TimeSpan.FromMinutes(5)));

        Assert.Equal(1, await doctor.WaitAsync(Cancellation));
        Assert.Matches("WRONG database's clock: differs by -(299|300)", doctor.Log);
    }
}
