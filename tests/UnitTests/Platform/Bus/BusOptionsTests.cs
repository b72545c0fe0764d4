using VerSemi.Platform.Bus;

namespace VerSemi.UnitTests.Platform.Bus;

public class BusOptionsTests
{
    [Fact]
    public void The_defaults_are_in_memory_and_have_no_error() => Assert.Empty(new BusOptions().Errors());

    [Fact]
    public void A_broker_needs_a_user_and_a_password_and_nothing_more() => Assert.Empty(Broker(_ => { }).Errors());

    [Fact]
    public void Every_error_is_said_at_once()
    {
        var options = new BusOptions { Transport = "RabbitMQ", Host = " ", Port = 70000, VirtualHost = "", Service = "The Trainer", DeliveryLimit = 3, SendWithin = TimeSpan.Zero, HealthAge = TimeSpan.Zero, DeafAfter = TimeSpan.Zero };
        Assert.Equal(
            ["Bus:DeafAfter", "Bus:DeliveryLimit", "Bus:HealthAge", "Bus:Host", "Bus:Password", "Bus:Port", "Bus:SendWithin", "Bus:Service", "Bus:User", "Bus:VirtualHost"],
            options.Errors().Select(error => error.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_unknown_transport_is_named_with_those_that_are_known() =>
        Assert.Equal(["Bus:Transport is 'kafka'; allowed: memory, rabbitmq"], new BusOptions { Transport = "kafka" }.Errors());

    [Fact]
    public void Settings_of_tls_without_tls_would_be_passed_over_so_they_are_errors() =>
        Assert.Equal(2, Broker(options => (options.TlsServerName, options.TlsCaFile) = ("broker", typeof(BusOptions).Assembly.Location)).Errors().Count());

    [Theory]
    [InlineData(false, 5672)]
    [InlineData(true, 5671)]
    public void The_port_follows_from_tls_where_it_is_not_given(bool tls, int port) => Assert.Equal(port, new BusOptions { UseTls = tls }.PortOrDefault);

    private static BusOptions Broker(Action<BusOptions> change)
    {
        var options = new BusOptions { Transport = BusOptions.RabbitMq, User = "trainer", Password = "secret" };
        change(options);
        return options;
    }
}
