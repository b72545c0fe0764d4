using RabbitMQ.Client.Exceptions;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Bus.RabbitMq;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

public sealed class RabbitMqTlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_go_over_tls_where_both_sides_show_a_certificate_and_nowhere_else()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        authority.Issue();
        stranger.Issue();
        var port = TestServers.FreePort();
        await using var server = await RabbitMqServer.StartAsync(new RabbitMqServerOptions { Config = Listener(authority, port) }, Cancellation);
        BusOptions With(Action<BusOptions> change)
        {
            var options = BusHost.Options(server.Root);
            (options.UseTls, options.Port, options.TlsServerName, options.TlsCaFile, options.ClientCertificateFile) = (true, port, "broker.test", authority.CaFile, authority.ClientFile);
            change(options);
            return options;
        }

        await using (var host = await BusHost.StartAsync(With(_ => { }), bus => bus.Handle<Ping, PingHandler>("secret")))
        {
            await host.Bus.SendAsync("secret", new Ping(1), Cancellation);
            Assert.Equal(1, host.Take());
            Assert.Contains("true", await server.CtlAsync("list_connections", "ssl"), StringComparison.Ordinal);
        }
        await RefusedAsync(With(options => options.TlsCaFile = stranger.CaFile));
        await RefusedAsync(With(options => options.TlsCaFile = null));
        await RefusedAsync(With(options => options.TlsServerName = "another.test"));
        await RefusedAsync(With(options => options.ClientCertificateFile = null));
        await RefusedAsync(With(options => options.ClientCertificateFile = stranger.ClientFile));
    }

    private static string[] Listener(TestAuthority authority, int port) =>
    [
        $"listeners.ssl.default = 127.0.0.1:{port}",
        $"ssl_options.cacertfile = {authority.CaFile}",
        $"ssl_options.certfile = {authority.ServerFile}",
        $"ssl_options.keyfile = {authority.ServerKeyFile}",
        "ssl_options.verify = verify_peer",
        "ssl_options.fail_if_no_peer_cert = true",
    ];

    private static async Task RefusedAsync(BusOptions options) =>
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => RabbitMqFactory.Create(options).CreateConnectionAsync(Cancellation));
}
