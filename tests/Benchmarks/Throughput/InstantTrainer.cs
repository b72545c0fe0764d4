using VerSemi.Domain.Messages;
using VerSemi.IntegrationTests.Orchestrator;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Benchmarks.Throughput;

/// <summary>Trainers that answer at once: claim, write what a trainer writes, say that it is done. What is left is the workflow.</summary>
internal sealed class InstantTrainer(IMessageBus bus, IBlobStore blobs) : IMessageHandler<WorkOnRun>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TinyWork _work = new(blobs, new TrainerScript());

    public async Task HandleAsync(WorkOnRun message, CancellationToken cancellation)
    {
        var worker = $"instant-{Guid.NewGuid():N}";
        var lease = await bus.AskAsync<ClaimLease, LeaseAnswer>(Queues.Leases, new ClaimLease(message.Run, worker), Patience, cancellation);
        if (!lease.Granted)
            return;
        await _work.DoAsync(lease, cancellation);
        await bus.AskAsync<EndLease, HeartbeatAnswer>(Queues.Leases, new EndLease(lease.Run, lease.Attempt, worker, lease.Work, WorkOutcome.Done), Patience, cancellation);
    }
}
