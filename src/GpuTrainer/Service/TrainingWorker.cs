using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Logs;
using VerSemi.Platform.Telemetry;

namespace VerSemi.GpuTrainer.Service;

/// <summary>Claims a run, works on it on a thread of its own while the lease is kept, says how it ended, and again; or once.</summary>
internal sealed class TrainingWorker(
    IWorkQueue queue, IMessageBus bus, RunWork work, CurrentLease current, AttemptLog log, LogTail tail, IOptions<GpuTrainerOptions> options, TimeProvider time, IHostApplicationLifetime process, ILogger<TrainingWorker> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.OneShot)
        {
            await WorkOnceAsync(stoppingToken);
            process.StopApplication();
            // The process takes a moment to stop; it is not to take a second run meanwhile.
            return;
        }
        while (!stoppingToken.IsCancellationRequested)
        {
            using var lease = await queue.TakeAsync<WorkOnRun, HeldLease>(options.Value.Queue, ClaimAsync, stoppingToken);
            await HoldAsync(lease, stoppingToken);
        }
    }

    /// <summary>That there was nothing to do is no failure: another process may have come first.</summary>
    private async Task WorkOnceAsync(CancellationToken stopping)
    {
        using var lease = await queue.TakeOneAsync<WorkOnRun, HeldLease>(options.Value.Queue, ClaimAsync, options.Value.OneShotWait, stopping);
        if (lease is null)
            logger.LogInformation("No run was granted within {Seconds} s; there is nothing to do.", options.Value.OneShotWait.TotalSeconds);
        else
            await HoldAsync(lease, stopping);
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
        current.Held = lease;
        try
        {
            await WorkAsync(lease, stopping);
        }
        finally
        {
            current.Held = null;
        }
    }

    private async Task WorkAsync(HeldLease lease, CancellationToken stopping)
    {
        using var attempt = Telemetry.Join($"{lease.Answer.Work} attempt", lease.Answer.TraceParent);
        attempt?.SetTag("versemi.run", lease.Run).SetTag("versemi.attempt", lease.Attempt);
        var lines = tail.Begin();
        using var ended = new CancellationTokenSource();
        var keeping = Task.WhenAll(lease.KeepAsync(ended.Token), log.KeepAsync(lease, lines, ended.Token));
        logger.LogInformation("Run {Run}, attempt {Attempt}: {Work} begins.", lease.Run, lease.Attempt, lease.Answer.Work);
        var (outcome, failure, reason) = await OutcomeAsync(lease, stopping);
        await ended.CancelAsync();
        await keeping;
        if (outcome is { } known)
        {
            logger.LogInformation("Run {Run}, attempt {Attempt}: {Outcome}. {Reason}", lease.Run, lease.Attempt, known, reason ?? "");
            await log.WriteAsync(lease, lines, CancellationToken.None);
            await lease.EndAsync(known, failure, reason);
        }
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
            var reason = e is DomainException or DamagedBlobException ? e.Message : $"{e.GetType().Name}: {OutsideText.WithoutPaths(e.Message)}";
            return (WorkOutcome.Failed, TrainingFailures.Classify(e), reason);
        }
    }
}
