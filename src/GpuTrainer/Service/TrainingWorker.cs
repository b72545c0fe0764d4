using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Bus;

namespace VerSemi.GpuTrainer.Service;

/// <summary>Claims a run, works on it on a thread of its own while the lease is kept, says how it ended, and again.</summary>
internal sealed class TrainingWorker(IWorkQueue queue, IMessageBus bus, RunWork work, IOptions<GpuTrainerOptions> options, TimeProvider time, ILogger<TrainingWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            using var lease = await queue.TakeAsync<WorkOnRun, HeldLease>(Queues.Training, ClaimAsync, stoppingToken);
            await HoldAsync(lease, stoppingToken);
        }
    }

    private async Task<HeldLease?> ClaimAsync(WorkOnRun message, CancellationToken cancellation)
    {
        var sent = time.GetTimestamp();
        var answer = await bus.AskAsync<ClaimLease, LeaseAnswer>(Queues.Leases, new ClaimLease(message.Run, options.Value.Worker), options.Value.AnswerWithin, cancellation);
        if (answer.Granted)
            return new HeldLease(answer, sent, bus, options.Value, time, logger);
        logger.LogInformation("Run {Run} was not granted: {Refusal}", message.Run, answer.Refusal);
        return null;
    }

    private async Task HoldAsync(HeldLease lease, CancellationToken stopping)
    {
        using var ended = new CancellationTokenSource();
        var keeping = lease.KeepAsync(ended.Token);
        var (outcome, failure, reason) = await OutcomeAsync(lease, stopping);
        await ended.CancelAsync();
        await keeping;
        if (outcome is { } known)
            await lease.EndAsync(known, failure, reason);
        else
            logger.LogWarning("Run {Run}, attempt {Attempt}: the lease is lost ({Standing}); nothing more is written.", lease.Run, lease.Attempt, lease.Standing);
    }

    /// <returns>No outcome where the lease was lost: nobody listens to this attempt any more.</returns>
    private async Task<(WorkOutcome? Outcome, FailureKind? Failure, string? Reason)> OutcomeAsync(HeldLease lease, CancellationToken stopping)
    {
        try
        {
            await Task.Factory.StartNew(() => work.Do(lease, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return (WorkOutcome.Done, null, null);
        }
        catch (Exception e) when (lease.Abandon.IsCancellationRequested)
        {
            logger.LogInformation("Run {Run}, attempt {Attempt} was abandoned: {Message}", lease.Run, lease.Attempt, e.Message);
            return (lease.Standing == LeaseStanding.Cancel ? WorkOutcome.Cancelled : null, null, null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (WorkOutcome.HandedBack, null, null);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Run {Run}, attempt {Attempt} failed.", lease.Run, lease.Attempt);
            return (WorkOutcome.Failed, TrainingFailures.Classify(e), e is DomainException ? e.Message : $"{e.GetType().Name}: {e.Message}");
        }
    }
}
