using VerSemi.Platform.Bus;
using VerSemi.Platform.Bus.RabbitMq;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Platform.Bus.RabbitMq;

public class HearingTests
{
    private readonly ManualTime _time = new();
    private readonly Hearing _hearing;

    public HearingTests() => _hearing = new Hearing(new BusOptions { DeafAfter = TimeSpan.FromSeconds(30) }, _time);

    [Fact]
    public void Messages_that_wait_for_an_idle_consumer_longer_than_allowed_mean_that_it_is_deaf()
    {
        Assert.False(_hearing.IsDeaf("training", 3));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(_hearing.IsDeaf("training", 3));
    }

    [Fact]
    public void A_queue_that_ran_empty_meanwhile_is_heard()
    {
        Assert.False(_hearing.IsDeaf("training", 3));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(_hearing.IsDeaf("training", 0));
        Assert.False(_hearing.IsDeaf("training", 1));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(_hearing.IsDeaf("training", 1));
    }

    [Fact]
    public void Queues_are_judged_each_by_itself()
    {
        _hearing.IsDeaf("training", 3);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.False(_hearing.IsDeaf("ingest", 3));
    }
}
