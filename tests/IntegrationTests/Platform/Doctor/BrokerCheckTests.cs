using VerSemi.IntegrationTests.Platform.RabbitMq;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Doctor;

/// <summary>Queues of the broker that all tests share have names of their own here.</summary>
public sealed class BrokerCheckTests(SharedBroker broker) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broker_with_its_queues_is_well()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("doctor-well", "doctor-well-others"));
        var findings = await LookAsync(BusHost.Options(await broker.StartedAsync()), "doctor-well-others", "doctor-well");
        Assert.All(findings, finding => Assert.True(finding.IsWell, finding.ToString()));
        Assert.Equal(["broker", "queue doctor-well", "sending to doctor-well-others", "blob store"], findings.Select(finding => finding.Check));
        Assert.Equal("0 messages wait, 0 consumers, 0 dead letters", findings.Of("queue doctor-well").Found);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_named()
    {
        var options = BusHost.Options(await broker.StartedAsync());
        options.Port = TestServers.FreePort();
        var finding = (await LookAsync(options, null, "any")).Of("broker");
        Assert.Contains($"127.0.0.1:{options.Port}", finding.Mend, StringComparison.Ordinal);
        Assert.Contains("up", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_apart()
    {
        var options = BusHost.Options(await broker.StartedAsync());
        options.Password = "wrong";
        (await LookAsync(options, null, "any")).Of("broker").IsWrong("ACCESS_REFUSED", "Bus:Password");
    }

    [Fact]
    public async Task A_queue_that_is_missing_or_of_another_shape_is_named()
    {
        var server = await broker.StartedAsync();
        (await LookAsync(BusHost.Options(server), null, "doctor-nowhere")).Of("queue doctor-nowhere").IsWrong("not there", "Start the service");
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("doctor-otherwise"));
        var other = BusHost.Options(server);
        other.DeliveryLimit = 25;
        (await LookAsync(other, null, "doctor-otherwise")).Of("queue doctor-otherwise").IsWrong("Bus:DeliveryLimit", "As it says");
    }

    [Fact]
    public async Task A_queue_that_is_not_quorum_is_of_another_shape()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("doctor-classic-neighbour"));
        await host.OnChannelAsync(async channel =>
        {
            await channel.QueueDeclareAsync("doctor-classic", durable: true, exclusive: false, autoDelete: false, cancellationToken: TestContext.Current.CancellationToken);
            return true;
        });
        (await LookAsync(BusHost.Options(await broker.StartedAsync()), null, "doctor-classic")).Of("queue doctor-classic").IsWrong("inequivalent arg", "As it says");
    }

    [Fact]
    public async Task Dead_letters_and_messages_that_nobody_hears_are_named()
    {
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("doctor-deaf").Handle<Ping, PingHandler>("doctor-failing").Hopeless(_ => true));
        await host.Bus.SendAsync("doctor-deaf", new Ping(1), TestContext.Current.CancellationToken);
        host.Heard.Failures = 1;
        await host.Bus.SendAsync("doctor-failing", new Ping(2), TestContext.Current.CancellationToken);
        await host.DepthAsync("doctor-failing", "one dead letter", depth => depth.DeadLetters == 1);
        await host.DepthAsync("doctor-deaf", "one waits", depth => depth.Ready == 1);
        var findings = await LookAsync(BusHost.Options(await broker.StartedAsync()), null, "doctor-deaf", "doctor-failing");
        findings.Of("queue doctor-deaf").IsWrong("1 messages wait, 0 consumers", "Nobody listens");
        findings.Of("queue doctor-failing").IsWrong("1 dead letters", "docs/runbooks/dead-letters.md");
    }

    [Fact]
    public async Task Rights_that_the_user_lacks_are_named()
    {
        var server = await broker.StartedAsync();
        await using var host = await BusHost.StartAsync(broker, bus => bus.Declare("doctor-granted", "doctor-others", "doctor-forbidden"));
        await server.AddUserAsync("poor", "poor", "^doctor-granted(_error|_dead)?$", "^doctor-granted(_error|_dead)?$", "^doctor-granted(_error|_dead)?$");
        var options = BusHost.Options(server);
        (options.User, options.Password) = (server.UserOf("poor"), "poor");
        var findings = await LookAsync(options, "doctor-others", "doctor-granted", "doctor-forbidden");
        Assert.True(findings.Of("queue doctor-granted").IsWell, findings.Of("queue doctor-granted").ToString());
        findings.Of("queue doctor-forbidden").IsWrong($"Grant user '{options.User}' configure, write and read on '^doctor-forbidden", "As it says");
        findings.Of("sending to doctor-others").IsWrong("access to exchange 'doctor-others'", $"Grant user '{options.User}'");
    }

    private Task<IReadOnlyList<Finding>> LookAsync(BusOptions bus, string? sent, params string[] queues) => Patient.LookAtAsync(services =>
    {
        services.AddBlobStore(new BlobOptions { Folder = _folder["blobs"] });
        if (sent is not null)
            services.SendsTo(sent);
    }, bus, queues);
}
