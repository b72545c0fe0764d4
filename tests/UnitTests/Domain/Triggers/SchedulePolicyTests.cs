using VerSemi.Domain.Triggers;

namespace VerSemi.UnitTests.Domain.Triggers;

public class SchedulePolicyTests
{
    private static readonly ScheduleFacts Plain = new(Overlap.Skip, CatchUp.None);

    [Fact]
    public void A_time_that_nothing_stands_against_fires() => Assert.Equal(new ScheduleAnswer(true, "on time", FiringWords.Fired), SchedulePolicy.Decide(Plain));

    public static TheoryData<ScheduleFacts, string> Against => new()
    {
        { Plain with { PausedBy = "ann" }, "paused by ann" },
        { Plain with { Missed = true }, "missed" },
        { Plain with { NothingToTrain = "there is no dataset" }, "there is no dataset" },
        { Plain with { OverBudget = "the month's budget" }, "the month's budget" },
        { Plain with { Active = "main-3 is Training" }, "skipped: main-3 is Training" },
        { Plain with { Overlap = Overlap.Queue, Active = "main-3 is Training", Waiting = DateTimeOffset.UnixEpoch }, "collapsed into the firing of 1970-01-01 00:00:00Z" },
    };

    [Theory]
    [MemberData(nameof(Against))]
    public void What_stands_against_it_is_the_reason(ScheduleFacts facts, string reason)
    {
        var answer = SchedulePolicy.Decide(facts);

        Assert.False(answer.Fires);
        Assert.StartsWith(reason, answer.Reason);
    }

    [Fact]
    public void A_missed_time_is_caught_up_where_the_schedule_says_so() =>
        Assert.StartsWith("caught up", SchedulePolicy.Decide(Plain with { Missed = true, CatchUp = CatchUp.One }) is { Fires: true } answer ? answer.Reason : "");

    [Fact]
    public void A_queue_waits_behind_the_active_cycle() =>
        Assert.Equal(new ScheduleAnswer(true, "on time; queued behind main-3 is Training", FiringWords.Fired), SchedulePolicy.Decide(Plain with { Overlap = Overlap.Queue, Active = "main-3 is Training" }));

    [Fact]
    public void A_pause_holds_whatever_else_there_is() =>
        Assert.StartsWith("paused", SchedulePolicy.Decide(new ScheduleFacts(Overlap.Queue, CatchUp.One, "ann", true, "nothing", "budget", DateTimeOffset.UnixEpoch, "main-1")).Reason);
}
