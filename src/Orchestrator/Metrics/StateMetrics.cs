using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Metrics;

/// <summary>
/// What is, for whoever scrapes: read every few seconds, so that a scrape costs nothing and dies with no process. Every
/// replica tells the same: take the maximum. Where nothing can be read, nothing is told.
/// </summary>
internal sealed partial class StateMetrics(IServiceScopeFactory scopes, IMeterFactory meters, LineRecipes recipes, OrchestratorOptions options, TimeProvider time, ILogger<StateMetrics> log)
    : BackgroundService
{
    private readonly Meter _meter = meters.Create(Telemetry.SourceName);
    private volatile PlatformState? _state;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        EventMetrics.Start(recipes.Lines);
        CreateWork();
        CreateTrainings();
        CreateLines();
        CreateQueues();
        CreateScrub();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(options.MetricsEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            _state = await scope.ServiceProvider.GetRequiredService<StateReader>().ReadAsync(cancellation);
        }
        catch (Exception e)
        {
            if (!cancellation.IsCancellationRequested && _state is not null)
                LogBlind(e.GetBaseException().Message);
            _state = null;
        }
    }

    private void CreateWork()
    {
        Gauge("versemi.cycles", "{cycle}", "Cycles by state", state => state.Cycles.Select(count => At(count.Count, ("line", count.Line), ("state", count.State))));
        Gauge("versemi.cycle.age", "s", "How long the oldest cycle of a state has been in it", state => state.CycleAges.Select(age => At(age.Age.TotalSeconds, ("line", age.Line), ("state", age.State))));
        Gauge("versemi.runs", "{run}", "Runs by state", state => state.Runs.Select(count => At(count.Count, ("line", count.Line), ("state", count.State))));
        Gauge("versemi.work.waiting", "{item}", "Trainings, evaluations and images that wait for a worker", state => state.Waiting.Select(work => At(work.Count, ("work", work.Work))));
        Gauge("versemi.work.waiting.age", "s", "How long the oldest of them has waited", state => state.Waiting.Select(work => At(work.Age.TotalSeconds, ("work", work.Work))));
        Gauge("versemi.leases", "{lease}", "Leases that are held", state => state.Leases.Select(lease => At(lease.Count, ("work", lease.Work))));
        Gauge("versemi.schedule.skipped", "{firing}", "How often in a row a schedule did not fire", state => state.Schedules.Select(schedule => At(schedule.Skipped, ("schedule", schedule.Schedule), ("line", schedule.Line))));
    }

    private void CreateTrainings()
    {
        Training("versemi.training.progress", "1", "Share of its steps that a training has done", progress => progress.Total > 0 ? (double)progress.Done / progress.Total : null);
        Training("versemi.training.loss", "", "Loss of the last step", progress => progress.Loss);
        Training("versemi.training.validation.dice", "1", "Best mean Dice on validation so far", progress => progress.ValidationDice);
        Training("versemi.training.throughput", "{sample}/s", "Labelled patches a second, of the last step", progress => progress.SamplesPerSecond);
        Training("versemi.training.waiting", "1", "Share of the time that was spent waiting for data", progress => progress.WaitingShare);
        Training("versemi.training.left", "s", "Estimate of the time that is left", progress => progress.SecondsLeft);
        Training("versemi.training.memory.peak", "By", "The most memory that the worker's process has held", progress => progress.PeakMemoryBytes);
    }

    private void CreateLines()
    {
        Gauge("versemi.production.version", "", "Version of the model in production", state => state.Lines.Where(line => line.Version is not null).Select(line => At(line.Version!.Value, ("line", line.Line))));
        Gauge("versemi.production.dice", "1", "Mean Dice of the model in production on the sealed cases, by task",
            state => state.Lines.SelectMany(line => line.Dice.Select(task => At(task.Value, ("line", line.Line), ("task", task.Key)))));
        Gauge("versemi.promotion.age", "s", "Since the newest promotion; before the first, since the first cycle began",
            state => state.Lines.Where(line => line.PromotionAge is not null).Select(line => At(line.PromotionAge!.Value.TotalSeconds, ("line", line.Line))));
        Gauge("versemi.cycles.unpromoted", "{cycle}", "Cycles rejected or failed since then", state => state.Lines.Select(line => At(line.Unpromoted, ("line", line.Line))));
    }

    private void CreateScrub()
    {
        Gauge("versemi.scrub.damaged_blobs", "", "Blobs that the last verification of stored content found damaged or missing", state => state.DamagedBlobs is { } damaged ? [At(damaged)] : []);
        Gauge("versemi.scrub.age", "s", "Since the last verification of stored content ended", state => state.ScrubAge is { } age ? [At(age.TotalSeconds)] : []);
    }

    private void CreateQueues()
    {
        Queue("versemi.queue.messages", "{message}", "Messages that wait for a consumer", queue => queue.Ready);
        Queue("versemi.queue.consumers", "{consumer}", "Consumers of all processes", queue => queue.Consumers);
        Queue("versemi.queue.dead_letters", "{message}", "Messages that were given up on", queue => queue.DeadLetters);
    }

    private void Training(string name, string unit, string description, Func<RunProgress, double?> of) => Gauge(name, unit, description, state =>
        state.Trainings.Where(training => of(training.Progress) is { } value && double.IsFinite(value)).Select(training => At(of(training.Progress)!.Value, ("line", training.Line), ("run", training.Run))));

    private void Queue(string name, string unit, string description, Func<QueueDepth, long> of) =>
        Gauge(name, unit, description, state => (state.Queues ?? []).Select(queue => At(of(queue), ("queue", queue.Queue))));

    private void Gauge(string name, string unit, string description, Func<PlatformState, IEnumerable<Measurement<double>>> of) =>
        _meter.CreateObservableGauge(name, () => _state is { } state ? of(state) : [], unit, description);

    private static Measurement<double> At(double value, params ReadOnlySpan<(string Name, string Value)> tags)
    {
        var labels = new KeyValuePair<string, object?>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = new(tags[i].Name, tags[i].Value);
        return new Measurement<double>(value, labels);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The metrics of the platform's state cannot be read: {Reason}")]
    private partial void LogBlind(string reason);
}
