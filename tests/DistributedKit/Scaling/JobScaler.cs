using VerSemi.Domain.Messages;

namespace VerSemi.DistributedKit.Scaling;

/// <summary>In KEDA's place: polls the training queue and starts one-shot trainers as it would.</summary>
public sealed class JobScaler(DistributedSystem system, int maxReplicas, TimeSpan pollEvery, Action<string> log)
{
    private readonly List<ServiceProcess> _jobs = [];

    /// <summary>Every job that it ever started.</summary>
    public IReadOnlyList<ServiceProcess> Jobs
    {
        get
        {
            lock (_jobs)
                return [.. _jobs];
        }
    }

    public int Polls { get; private set; }

    /// <summary>The most messages that one poll found.</summary>
    public long MostReady { get; private set; }

    /// <summary>The most jobs at once.</summary>
    public int MostRunning { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        await using var queues = await QueueCounts.ConnectAsync(system.Rabbit, stop);
        using var timer = new PeriodicTimer(pollEvery);
        do
            await PollAsync(await queues.ReadyAsync(Queues.Training, CancellationToken.None));
        while (await ContinuesAsync(timer, stop));
    }

    private async Task PollAsync(long ready)
    {
        Polls++;
        var running = Jobs.Where(job => job.IsRunning).ToList();
        var pending = (await Task.WhenAll(running.Select(job => job.ProbeAsync(ServiceProcess.ReadyProbe)))).Count(isReady => !isReady);
        (MostReady, MostRunning) = (Math.Max(MostReady, ready), Math.Max(MostRunning, running.Count));
        var more = AccurateScaling.JobsToStart(ready, running.Count, pending, maxReplicas);
        if (more > 0)
            log($"{ready} messages wait, {running.Count} jobs run, {pending} of them pending: {more} more");
        for (var i = 0; i < more; i++)
            lock (_jobs)
                _jobs.Add(system.Start("GpuTrainer", ["--one-shot"]));
    }

    private static async Task<bool> ContinuesAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
