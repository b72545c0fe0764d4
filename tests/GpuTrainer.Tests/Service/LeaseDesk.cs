using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Service;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.GpuTrainer.Tests.Service;

/// <summary>The orchestrator's side of a lease, on a real in-memory bus: grants, answers heartbeats as it is told, hears ends.</summary>
public sealed class LeaseDesk : IRequestHandler<ClaimLease, LeaseAnswer>, IRequestHandler<Heartbeat, HeartbeatAnswer>, IRequestHandler<EndLease, HeartbeatAnswer>
{
    private readonly Lock _lock = new();
    private int _offered;
    private int _granted;

    public WorkKind Work { get; set; } = WorkKind.Train;
    public double LeaseSeconds { get; set; } = 60;
    public bool IsMute { get; set; }
    public bool OneShot { get; set; }
    public string Queue { get; set; } = Queues.Training;
    public LeaseStanding Standing { get; set; } = LeaseStanding.Continue;
    public ConcurrentQueue<Heartbeat> Heartbeats { get; } = [];
    public ConcurrentQueue<EndLease> Ends { get; } = [];

    public Task<LeaseAnswer> HandleAsync(ClaimLease request, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var granted = _granted < _offered;
            _granted += granted ? 1 : 0;
            return Task.FromResult(new LeaseAnswer(request.Run, granted, granted ? null : "it is leased already", Work, _granted, LeaseSeconds, 0.02));
        }
    }

    public async Task<HeartbeatAnswer> HandleAsync(Heartbeat request, CancellationToken cancellation)
    {
        Heartbeats.Enqueue(request);
        if (IsMute)
            await Task.Delay(Timeout.Infinite, cancellation);
        return new HeartbeatAnswer(Standing);
    }

    public Task<HeartbeatAnswer> HandleAsync(EndLease request, CancellationToken cancellation)
    {
        Ends.Enqueue(request);
        return Task.FromResult(new HeartbeatAnswer(Standing));
    }

    public async Task<EndLease> NextEndAsync(CancellationToken cancellation)
    {
        EndLease? end = null;
        await Eventually.TrueAsync("a lease has ended", () => Task.FromResult(Ends.TryDequeue(out end)), cancellation);
        return end!;
    }

    public Task HeardOfAsync(int steps, CancellationToken cancellation) =>
        Eventually.TrueAsync($"{steps} steps are done", () => Task.FromResult(Heartbeats.Any(beat => beat.Progress.Done >= steps)), cancellation);

    public async Task<IHost> StartAsync(SmallStore store, RunSpecification run, CancellationToken cancellation)
    {
        await store.Blobs.WriteJsonAsync(BlobLayout.RunSpecification(run.Run), run, DomainJson.Readable, cancellation: cancellation);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IBlobStore>(store.Blobs);
        builder.Services.AddSingleton(this);
        builder.Services.AddMessageBus(bus => bus.Answer<ClaimLease, LeaseAnswer, LeaseDesk>(Queues.Leases, 8)
            .Answer<Heartbeat, HeartbeatAnswer, LeaseDesk>(Queues.Leases, 8).Answer<EndLease, HeartbeatAnswer, LeaseDesk>(Queues.Leases, 8));
        builder.Services.AddGpuTrainer(options => (options.Device, options.Threads, options.Scratch, options.AnswerWithin, options.OneShot, options.Queue) = ("cpu", 1, store.Scratch, TimeSpan.FromSeconds(2), OneShot, Queue));
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return host;
    }

    /// <summary>Offers the run once and rings until a claim comes: a message is a doorbell, and nobody may be listening yet.</summary>
    public async Task RingAsync(IHost host, string run, CancellationToken cancellation)
    {
        var offered = ++_offered;
        var bus = host.Services.GetRequiredService<IMessageBus>();
        await Eventually.TrueAsync("a worker claims the run", async () =>
        {
            await bus.SendAsync(Queue, new WorkOnRun(run), cancellation);
            return Volatile.Read(ref _granted) == offered;
        }, cancellation);
    }
}
