using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

public sealed class BrokerRightsTests(SharedBroker broker)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_service_can_do_its_work_with_its_own_rights_and_no_more()
    {
        var server = await (await broker.StartedAsync()).Server.TakeVirtualHostAsync();
        foreach (var rights in BrokerRights.All)
            await server.AddUserAsync(rights.Service, $"{rights.Service}-password", rights.Configure, rights.Write, rights.Read);

        await using var trainer = await BusHost.StartAsync(As(server, BrokerRights.Trainer), bus => bus.Declare(Queues.Training));
        await using var orchestrator = await BusHost.StartAsync(As(server, BrokerRights.Orchestrator), bus => bus
            .Answer<Ping, Pong, PongHandler>(Queues.Leases).Handle<Ping, PingHandler>(Queues.Catalogue).Handle<Ping, PingHandler>("orchestrator-runs")
            .Declare(Queues.Training, Queues.TrainingOnDemand, Queues.Ingest, "orchestrator-cycles", "orchestrator-steps"));
        await using var ingest = await BusHost.StartAsync(As(server, BrokerRights.Ingest), bus => bus.Handle<Ping, PingHandler>(Queues.Ingest).Hopeless(_ => true));

        await orchestrator.Bus.SendAsync(Queues.Training, new Job(1), TimeSpan.FromMinutes(1), Cancellation);
        var pong = await trainer.Work.TakeAsync<Job, Pong>(Queues.Training, async (job, cancellation) =>
            await trainer.Bus.AskAsync<Ping, Pong>(Queues.Leases, new Ping(job.Id), Eventually.Patience, cancellation), Cancellation).WaitAsync(Eventually.Patience, Cancellation);
        Assert.Equal(1, pong.Id);

        await ingest.Bus.SendAsync(Queues.Catalogue, new Ping(2), Cancellation);
        Assert.Equal(2, orchestrator.Take());
        ingest.Heard.Failures = 1;
        await ingest.Bus.SendAsync(Queues.Ingest, new Ping(3), Cancellation);
        await ingest.DepthAsync(Queues.Ingest, "a service may write its own dead letters", depth => depth.DeadLetters == 1);
        foreach (var host in new[] { trainer, orchestrator, ingest })
            await host.HealthAsync("nothing was refused", healthy: true);

        foreach (var foreign in new[] { "orchestrator-runs", Queues.Ingest, Queues.Leases, Queues.Catalogue })
            await RefusedAsync(trainer, foreign);
        await RefusedAsync(ingest, Queues.Training);

        await orchestrator.Bus.SendAsync(Queues.TrainingOnDemand, new Job(4), TimeSpan.FromMinutes(1), Cancellation);
        await ScalerOnlyAsksAsync(server);
    }

    /// <summary>To ask is a passive declaration, which needs no right at all.</summary>
    private static async Task ScalerOnlyAsksAsync(RabbitMqVirtualHost server)
    {
        var factory = new ConnectionFactory
        {
            HostName = server.Server.Host,
            Port = server.Server.Port,
            VirtualHost = server.Name,
            UserName = server.UserOf(BrokerRights.Scaler.Service),
            Password = "scaler-password",
        };
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        await Eventually.TrueAsync("the scaler sees what waits", async () => (await channel.QueueDeclarePassiveAsync(Queues.TrainingOnDemand, Cancellation)).MessageCount == 1, Cancellation);
        var refusal = await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.BasicGetAsync(Queues.TrainingOnDemand, autoAck: true, Cancellation));
        Assert.Equal(Constants.AccessRefused, (int?)refusal.ShutdownReason?.ReplyCode);
    }

    private static BusOptions As(RabbitMqVirtualHost server, BrokerRights rights)
    {
        var options = BusHost.Options(server);
        (options.Service, options.User, options.Password) = (rights.Service, server.UserOf(rights.Service), $"{rights.Service}-password");
        return options;
    }

    private static async Task RefusedAsync(BusHost host, string queue)
    {
        var refusal = await Assert.ThrowsAsync<OperationInterruptedException>(() =>
            host.OnChannelAsync(channel => channel.BasicGetAsync(queue, autoAck: true, Cancellation)));
        Assert.Equal(Constants.AccessRefused, (int?)refusal.ShutdownReason?.ReplyCode);
    }
}
