using RabbitMQ.Client;

namespace VerSemi.DistributedKit.Faults;

/// <summary>Does to a running system what a <see cref="Fault"/> says, and sees to it that everything runs again afterwards.</summary>
/// <param name="restart">Starts a service in the place of a dead one.</param>
public sealed class FaultInjector(DistributedSystem system, Func<string, ServiceProcess> restart)
{
    private static readonly string[] Meddled = ["orchestrator-cycles", "orchestrator-runs", "orchestrator-steps", "ingest", "training", "catalogue"];

    public Task InjectAsync(Fault fault, CancellationToken cancellation) => fault.Kind switch
    {
        FaultKind.KillOrchestrator => KillAsync("Orchestrator", fault, cancellation),
        FaultKind.KillIngest => KillAsync("Ingest", fault, cancellation),
        FaultKind.KillTrainer => KillAsync("GpuTrainer", fault, cancellation),
        FaultKind.PauseOrchestrator => PauseAsync("Orchestrator", fault, cancellation),
        FaultKind.PauseIngest => PauseAsync("Ingest", fault, cancellation),
        FaultKind.PauseTrainer => PauseAsync("GpuTrainer", fault, cancellation),
        FaultKind.KillBroker => RestartAsync(system.Rabbit.Server.KillAsync, system.Rabbit.Server.StartAsync, fault, cancellation),
        FaultKind.KillDatabase => RestartAsync(system.Postgres.KillAsync, system.Postgres.StartAgainAsync, fault, cancellation),
        FaultKind.BlobOutage => OutageAsync(fault, cancellation),
        FaultKind.BlobBreak => BreakAsync(fault, cancellation),
        FaultKind.BlobSlowness => SlowDownAsync(fault, cancellation),
        _ => MeddleAsync(fault, cancellation),
    };

    private async Task KillAsync(string project, Fault fault, CancellationToken cancellation)
    {
        if (Pick(project, fault) is { } process)
            await process.KillAsync();
        await Task.Delay(fault.Lasts, cancellation);
        restart(project);
    }

    private async Task PauseAsync(string project, Fault fault, CancellationToken cancellation)
    {
        if (Pick(project, fault) is not { } process)
            return;
        await process.SignalAsync("STOP");
        await Task.Delay(fault.Lasts, cancellation);
        await process.SignalAsync("CONT");
    }

    private static async Task RestartAsync(Func<Task> kill, Func<CancellationToken, Task> start, Fault fault, CancellationToken cancellation)
    {
        await kill();
        await Task.Delay(fault.Lasts, cancellation);
        await start(cancellation);
    }

    private async Task OutageAsync(Fault fault, CancellationToken cancellation)
    {
        system.BlobProxy.Refuse();
        await Task.Delay(fault.Lasts, cancellation);
        system.BlobProxy.Allow();
    }

    private async Task BreakAsync(Fault fault, CancellationToken cancellation)
    {
        for (var i = 0; i < 3; i++)
        {
            system.BlobProxy.BreakAfter((long)(fault.Choice * 20_000));
            await Task.Delay(fault.Lasts / 3, cancellation);
        }
        system.BlobProxy.Allow();
    }

    private async Task SlowDownAsync(Fault fault, CancellationToken cancellation)
    {
        system.BlobProxy.Delay = TimeSpan.FromMilliseconds(50 + 250 * fault.Choice);
        await Task.Delay(fault.Lasts, cancellation);
        system.BlobProxy.Delay = TimeSpan.Zero;
    }

    /// <summary>What waits in a queue, and what comes to it meanwhile, late, shuffled and doubled.</summary>
    private async Task MeddleAsync(Fault fault, CancellationToken cancellation)
    {
        var queue = Meddled[(int)(fault.Choice * Meddled.Length)];
        var factory = QueueCounts.FactoryOf(system.Rabbit);
        await using var connection = await factory.CreateConnectionAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
        var taken = await TakeAsync(channel, queue, fault.Lasts, cancellation);
        var again = taken.Concat(taken).ToArray();
        new Random(fault.Number.GetHashCode()).Shuffle(again);
        foreach (var message in again)
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties(message.BasicProperties), message.Body, cancellation);
        foreach (var message in taken)
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
    }

    private static async Task<List<BasicGetResult>> TakeAsync(IChannel channel, string queue, TimeSpan during, CancellationToken cancellation)
    {
        var (taken, end) = (new List<BasicGetResult>(), DateTime.UtcNow + during);
        do
        {
            if (await channel.BasicGetAsync(queue, autoAck: false, cancellation) is { } message)
                taken.Add(message);
            else
                await Task.Delay(5, cancellation);
        }
        while (DateTime.UtcNow < end && taken.Count < 50);
        return taken;
    }

    private ServiceProcess? Pick(string project, Fault fault)
    {
        var running = system.Running.Where(process => process.Project == project).ToList();
        return running.Count == 0 ? null : running[(int)(fault.Choice * running.Count)];
    }
}
