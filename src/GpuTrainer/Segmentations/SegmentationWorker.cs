using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Service;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Logs;
using VerSemi.Platform.Telemetry;

namespace VerSemi.GpuTrainer.Segmentations;

/// <summary>Takes images from their own queue, one after the other; never waits behind a training.</summary>
internal sealed class SegmentationWorker(
    IWorkQueue queue, IMessageBus bus, SegmentationWork work, IOptions<GpuTrainerOptions> options, TimeProvider time, ILogger<SegmentationWorker> logger) : BackgroundService
{
    private static readonly Histogram<double> Took = Telemetry.Meter.CreateHistogram<double>("versemi.segmentation.duration", "s", "Time from an image's lease to its end");

    private readonly string _worker = $"{options.Value.Worker}-segmentation";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            await HoldAsync(await queue.TakeAsync<SegmentImage, SegmentationAnswer>(Queues.Segmentation, ClaimAsync, stoppingToken), stoppingToken);
    }

    private async Task<SegmentationAnswer?> ClaimAsync(SegmentImage message, CancellationToken cancellation)
    {
        var claim = new ClaimSegmentation(message.Segmentation, _worker);
        var answer = await bus.AskAsync<ClaimSegmentation, SegmentationAnswer>(Queues.Leases, claim, options.Value.AnswerWithin, cancellation);
        if (answer.Granted)
            return answer;
        logger.LogInformation("Segmentation {Segmentation} was not granted: {Refusal}", message.Segmentation, answer.Refusal);
        return null;
    }

    private async Task HoldAsync(SegmentationAnswer lease, CancellationToken stopping)
    {
        using var attempt = Telemetry.Join("segmentation", lease.TraceParent);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var ended = new CancellationTokenSource();
        var begun = time.GetTimestamp();
        var beating = BeatAsync(lease, abandon, ended.Token);
        logger.LogInformation("Segmentation {Segmentation}, attempt {Attempt} begins.", lease.Segmentation, lease.Attempt);
        var end = await EndOfAsync(lease, abandon.Token, stopping);
        await ended.CancelAsync();
        await beating;
        Took.Record(time.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>("outcome", end?.Outcome.ToString() ?? "Abandoned"));
        if (end is not null)
            await SayAsync(lease, end);
    }

    /// <returns>Null where the image is another's now.</returns>
    private async Task<EndSegmentation?> EndOfAsync(SegmentationAnswer lease, CancellationToken abandon, CancellationToken stopping)
    {
        var end = new EndSegmentation(lease.Segmentation, lease.Attempt, _worker, WorkOutcome.Done);
        try
        {
            var result = await Task.Factory.StartNew(
                () => work.DoAsync(lease, abandon).GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return end with { Model = result.Model, Labels = result.Labels, Warnings = result.Warnings };
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return end with { Outcome = WorkOutcome.HandedBack };
        }
        catch (Exception e) when (abandon.IsCancellationRequested)
        {
            logger.LogInformation("Segmentation {Segmentation}, attempt {Attempt} was abandoned: {Message}", lease.Segmentation, lease.Attempt, e.Message);
            return null;
        }
        catch (Exception e)
        {
            logger.LogError(e, "Segmentation {Segmentation}, attempt {Attempt} failed.", lease.Segmentation, lease.Attempt);
            return end with
            {
                Outcome = WorkOutcome.Failed,
                Reason = e is DomainException or DamagedBlobException ? e.Message : $"{e.GetType().Name}: {OutsideText.WithoutPaths(e.Message)}",
                Retry = TrainingFailures.Classify(e) is FailureKind.Infrastructure or FailureKind.Content,
            };
        }
    }

    /// <summary>Stops the work where it is not this worker's any more, or nobody answered for as long as the lease holds.</summary>
    private async Task BeatAsync(SegmentationAnswer lease, CancellationTokenSource abandon, CancellationToken ended)
    {
        Activity.Current = null;
        var heard = time.GetTimestamp();
        while (!ended.IsCancellationRequested && !abandon.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(lease.HeartbeatSeconds), time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
                return;
            var standing = await TryBeatAsync(lease, ended);
            if (standing == LeaseStanding.Continue)
                heard = time.GetTimestamp();
            else if (standing is not null || time.GetElapsedTime(heard).TotalSeconds > 0.8 * lease.LeaseSeconds)
                await abandon.CancelAsync();
        }
    }

    private async Task<LeaseStanding?> TryBeatAsync(SegmentationAnswer lease, CancellationToken ended)
    {
        try
        {
            var beat = new SegmentationHeartbeat(lease.Segmentation, lease.Attempt, _worker);
            return (await bus.AskAsync<SegmentationHeartbeat, HeartbeatAnswer>(Queues.Leases, beat, options.Value.AnswerWithin, ended)).Standing;
        }
        catch (Exception e)
        {
            if (!ended.IsCancellationRequested)
                logger.LogWarning(e, "Segmentation {Segmentation}: a heartbeat was not answered.", lease.Segmentation);
            return null;
        }
    }

    private async Task SayAsync(SegmentationAnswer lease, EndSegmentation end)
    {
        var since = time.GetTimestamp();
        do
        {
            try
            {
                await bus.AskAsync<EndSegmentation, HeartbeatAnswer>(Queues.Leases, end, options.Value.AnswerWithin);
                logger.LogInformation("Segmentation {Segmentation}, attempt {Attempt}: {Outcome}. {Reason}", lease.Segmentation, lease.Attempt, end.Outcome, end.Reason ?? "");
                return;
            }
            catch (Exception e)
            {
                logger.LogWarning(e, "Segmentation {Segmentation}: its end was not answered.", lease.Segmentation);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(1, lease.HeartbeatSeconds)), time);
            }
        }
        while (time.GetElapsedTime(since).TotalSeconds < lease.LeaseSeconds);
    }
}
