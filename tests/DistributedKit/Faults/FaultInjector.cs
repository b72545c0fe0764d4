using RabbitMQ.Client;
using VerSemi.DistributedKit.Links;

namespace VerSemi.DistributedKit.Faults;

/// <summary>Does to a running system what a <see cref="Fault"/> says, and sees to it that everything runs again afterwards.</summary>
/// <param name="damage">What was done to control files.</param>
/// <param name="restart">Starts a service in the place of a dead one, with these environment variables beside its settings.</param>
public sealed class FaultInjector(DistributedSystem system, PointerDamage damage, Action<string, IReadOnlyDictionary<string, string>> restart)
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
        FaultKind.Messages => MeddleAsync(fault, cancellation),
        FaultKind.LostReplyOfBroker => LoseRepliesAsync(Pick(fault)?.Broker, fault, cancellation),
        FaultKind.LostReplyOfDatabase => LoseRepliesAsync(Pick(fault, "Orchestrator")?.Rows, fault, cancellation),
        FaultKind.LostReplyOfBlobs => LoseRepliesAsync(Pick(fault)?.Blobs, fault, cancellation),
        FaultKind.HalfOpenBroker => SwallowAsync(Pick(fault)?.Broker, fault, cancellation),
        FaultKind.HalfOpenDatabase => SwallowAsync(Pick(fault, "Orchestrator")?.Rows, fault, cancellation),
        FaultKind.HalfOpenBlobs => SwallowAsync(Pick(fault)?.Blobs, fault, cancellation),
        FaultKind.RefusedLinks => OnLinksAsync(fault, link => link.Refuse(), cancellation),
        FaultKind.SlowLinks => OnLinksAsync(fault, link => link.Delay = TimeSpan.FromMilliseconds(20 + 150 * fault.Choice), cancellation),
        FaultKind.DamagedPointer => damage.ApplyAsync(fault, cancellation),
        FaultKind.ClockSkew => SkewAsync(fault, cancellation),
        _ => throw new InvalidOperationException($"{fault.Kind} is no fault."),
    };

    private static async Task LoseRepliesAsync(LinkProxy? link, Fault fault, CancellationToken cancellation)
    {
        if (link is null)
            return;
        for (var i = 0; i < 3; i++)
        {
            link.LoseReplyAfter((long)(fault.Choice * 4_000));
            await Task.Delay(fault.Lasts / 3, cancellation);
        }
        link.Pass();
    }

    private static async Task SwallowAsync(LinkProxy? link, Fault fault, CancellationToken cancellation)
    {
        link?.Swallow();
        await Task.Delay(fault.Lasts, cancellation);
        link?.Pass();
    }

    private async Task OnLinksAsync(Fault fault, Action<LinkProxy> act, CancellationToken cancellation)
    {
        var links = Pick(fault)?.All.ToList() ?? [];
        links.ForEach(act);
        await Task.Delay(fault.Lasts, cancellation);
        links.ForEach(link => link.Pass());
    }

    private async Task SkewAsync(Fault fault, CancellationToken cancellation)
    {
        var projects = new[] { "Orchestrator", "Ingest", "GpuTrainer" };
        var project = projects[(int)(fault.Choice * projects.Length)];
        // What is left of the choice, in 0…1: which way, and by how much.
        var ahead = TimeSpan.FromMinutes(20 * (fault.Choice * projects.Length % 1) - 10);
        if (Pick(project, fault) is { } process)
            await process.KillAsync();
        await Task.Delay(fault.Lasts, cancellation);
        // Where the library is missing, the clock stays right, and this is a kill; SkewedClockTests tell of that.
        restart(project, SkewedClock.IsInstalled ? SkewedClock.Environment(ahead) : new Dictionary<string, string>());
    }

    private async Task KillAsync(string project, Fault fault, CancellationToken cancellation)
    {
        if (Pick(project, fault) is { } process)
            await process.KillAsync();
        await Task.Delay(fault.Lasts, cancellation);
        restart(project, new Dictionary<string, string>());
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

    private ServiceProcess? Pick(string project, Fault fault) => Pick(system.Running.Where(process => process.Project == project), fault);

    /// <summary>The links of a process of that project, or of any.</summary>
    private ServiceLinks? Pick(Fault fault, string? project = null) =>
        Pick(system.Running.Where(process => project is null || process.Project == project), fault) is { } process ? system.LinksOf(process) : null;

    private static ServiceProcess? Pick(IEnumerable<ServiceProcess> processes, Fault fault)
    {
        var running = processes.OrderBy(process => process.Project, StringComparer.Ordinal).ToList();
        return running.Count == 0 ? null : running[(int)(fault.Choice * running.Count)];
    }
}
