using Microsoft.Extensions.Hosting;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Speaks the trainer's side of the messages.</summary>
internal sealed class TinyTrainer(IWorkQueue queue, IMessageBus bus, IBlobStore blobs, TrainerScript script) : BackgroundService
{
    private readonly TinyWork _work = new(blobs, script);
    private readonly string _worker = $"tiny-{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var lease = await queue.TakeAsync<WorkOnRun, LeaseAnswer>(Queues.Training, ClaimAsync, stoppingToken);
            script.Leases.Add((lease.Run, lease.Attempt, lease.Work));
            await HoldAsync(lease, stoppingToken);
        }
    }

    private async Task<LeaseAnswer?> ClaimAsync(WorkOnRun message, CancellationToken cancellation)
    {
        var answer = await bus.AskAsync<ClaimLease, LeaseAnswer>(Queues.Leases, new ClaimLease(message.Run, _worker), Eventually.Patience, cancellation);
        return answer.Granted ? answer : null;
    }

    private async Task HoldAsync(LeaseAnswer lease, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var standing = LeaseStanding.Continue;
        var beating = BeatAsync(lease, heard => { standing = heard; ended.Cancel(); }, ended.Token);
        var (outcome, reason) = (WorkOutcome.Done, (string?)null);
        try
        {
            await script.BeforeWork(lease, ended.Token);
            await _work.DoAsync(lease, ended.Token);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            (outcome, reason) = (standing == LeaseStanding.Cancel ? WorkOutcome.Cancelled : WorkOutcome.Failed, e.Message);
        }
        await ended.CancelAsync();
        await beating;
        if (standing != LeaseStanding.Fenced && script.SaysEnd(lease))
            await bus.AskAsync<EndLease, HeartbeatAnswer>(
                Queues.Leases, new EndLease(lease.Run, lease.Attempt, _worker, lease.Work, outcome, outcome == WorkOutcome.Failed ? script.Failure : null, reason), Eventually.Patience, stopping);
    }

    private async Task BeatAsync(LeaseAnswer lease, Action<LeaseStanding> stop, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(lease.HeartbeatSeconds), ended);
                var beat = new Heartbeat(lease.Run, lease.Attempt, _worker, new RunProgress("stage 1", 1, 2, Loss: double.NaN));
                var answer = await bus.AskAsync<Heartbeat, HeartbeatAnswer>(Queues.Leases, beat, Eventually.Patience, ended);
                if (answer.Standing != LeaseStanding.Continue)
                {
                    stop(answer.Standing);
                    return;
                }
            }
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
        }
    }
}
