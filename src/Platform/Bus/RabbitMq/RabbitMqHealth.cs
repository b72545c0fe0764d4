using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VerSemi.Platform.Bus.RabbitMq;

/// <summary>
/// Asks the engine whether its consumers live and the broker whether it knows of them; what is missing of the topology
/// is declared again on the way. The engine connects its endpoints again by itself. Looks even where nobody asks.
/// </summary>
internal sealed partial class RabbitMqHealth(
    IBusControl bus, RabbitMqConnection broker, RabbitMqTopology topology, BusBuilder builder, WorkQueue work, Hearing hearing, BusOptions options, TimeProvider time, ILogger<RabbitMqHealth> logger)
    : BackgroundService, IBusHealth
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private BusHealth? _last;
    private long _lastAt;

    public async Task<BusHealth> CheckAsync(CancellationToken cancellation = default)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_last is null || time.GetElapsedTime(_lastAt) > options.HealthAge)
            {
                var now = new BusHealth([.. EngineTroubles(), .. await BrokerTroublesAsync(cancellation)]);
                Log(now.Troubles, _last?.Troubles ?? []);
                (_last, _lastAt) = (now, time.GetTimestamp());
            }
            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.HealthAge, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await CheckAsync(stoppingToken);
    }

    private void Log(IReadOnlyList<string> troubles, IReadOnlyList<string> before)
    {
        foreach (var trouble in troubles.Except(before))
            LogTrouble(trouble);
        if (troubles.Count == 0 && before.Count > 0)
            LogWell();
    }

    private IEnumerable<string> EngineTroubles() => bus.CheckHealth().Endpoints.Values
        .Where(endpoint => endpoint.Status != BusHealthStatus.Healthy)
        .Select(endpoint => $"Queue '{endpoint.InputAddress.Segments[^1]}' is not listened to: {endpoint.Exception?.GetBaseException().Message ?? endpoint.Description}.");

    private async Task<IReadOnlyList<string>> BrokerTroublesAsync(CancellationToken cancellation)
    {
        var troubles = new List<string>();
        try
        {
            var heard = builder.Queues.Where(queue => queue.Value.IsHeard).Select(queue => queue.Key).Concat(work.Listening).ToHashSet();
            foreach (var queue in topology.Queues.Union(heard))
                if (await TroubleAsync(queue, heard.Contains(queue), cancellation) is { } trouble)
                    troubles.Add(trouble);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            troubles.Add($"The broker at {options.Host}:{options.PortOrDefault} does not answer: {e.GetBaseException().Message}");
        }
        return troubles;
    }

    private async Task<string?> TroubleAsync(string queue, bool heard, CancellationToken cancellation)
    {
        var count = await broker.CountAsync(queue, cancellation);
        if (count is null || await broker.CountAsync(QueueTopology.Errors(queue), cancellation) is null)
        {
            await topology.DeclareAsync(queue, cancellation);
            await hearing.RenewAsync(queue);
            return $"Queue '{queue}' or its dead-letter queue was missing and is declared again.";
        }
        if (!heard)
            return null;
        if (count.ConsumerCount == 0)
            return $"Queue '{queue}' has no consumer.";
        if (!hearing.IsDeaf(queue, count.MessageCount))
            return null;
        await hearing.RenewAsync(queue);
        return $"{count.MessageCount} messages wait in queue '{queue}', and its consumer here took none for {options.DeafAfter.TotalSeconds:0} s: it listens anew.";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "The bus is well again.")]
    private partial void LogWell();
}
