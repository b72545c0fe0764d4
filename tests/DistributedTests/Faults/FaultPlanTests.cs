using VerSemi.DistributedKit.Faults;

namespace VerSemi.DistributedTests.Faults;

public sealed class FaultPlanTests
{
    [Fact]
    public void The_same_seed_gives_the_same_faults_and_a_longer_plan_begins_with_the_shorter()
    {
        Assert.Equal(FaultPlan.Of(7).Take(20), FaultPlan.Of(7).Take(100).Take(20));
        Assert.NotEqual(FaultPlan.Of(7).Take(20), FaultPlan.Of(8).Take(20));
    }

    [Fact]
    public void Every_kind_comes_in_each_plan_of_a_long_run()
    {
        foreach (var seed in Enumerable.Range(1, 6))
            Assert.Equal(Enum.GetValues<FaultKind>(), FaultPlan.Of(seed).Take(100).Select(fault => fault.Kind).Distinct().Order());
    }
}
