using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using VerSemi.DistributedKit;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests;

/// <summary>
/// A broker closes the channel of a consumer that keeps a message unacknowledged for long. A training of any length is
/// none of its business. VERSEMI_LONG=1: a limit of one minute and a training of three, instead of seconds.
/// </summary>
public sealed class AcknowledgementLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(TestLength.IsLong ? 60 : 4);

    /// <summary>How often the broker looks; rabbitmq.conf has no word for it.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(TestLength.IsLong ? 60 : 1);
    private static readonly int Steps = TestLength.IsLong ? 1800 : 200;

    private static readonly RabbitMqServerOptions Strict = new()
    {
        Config = [$"consumer_timeout = {Limit.TotalMilliseconds:0}"],
        Advanced = $"[{{rabbit, [{{channel_tick_interval, {Tick.TotalMilliseconds:0}}}]}}].",
    };

    [Fact]
    public async Task A_training_outlasts_the_brokers_limit_in_one_attempt()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var recipe = QuickRecipe.Write(folder["recipe.json"], Steps, checkpointEvery: Steps / 4);
        await using var system = await DistributedSystem.StartAsync(
            QuickSettings.With(("Orchestrator:Lines:main:Recipe", recipe), ("Orchestrator:Lease", "00:00:30")),
            await ServerSet.WithBrokerAsync(Strict, cancellation), cancellation);
        var closing = CloseReasonOfWhoHoldsAsync(system.Rabbit, cancellation);
        var orchestrator = await system.AddAsync("Orchestrator", cancellation: cancellation);
        await Task.WhenAll(system.AddAsync("Ingest", cancellation: cancellation), system.AddAsync("GpuTrainer", cancellation: cancellation));
        await orchestrator.DropAsync(TinyDataset.Write(folder["tiny"]), cancellation: cancellation);
        await Eventually.TrueAsync("the cycle is completed", TimeSpan.FromMinutes(TestLength.IsLong ? 20 : 5), async () =>
            (await orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, cancellation)).Any(cycle => cycle.State == CycleStates.Completed), cancellation);

        var run = (await orchestrator.GetAsync<List<RunView>>(Routes.Runs, cancellation)).Single();
        var attempts = (await orchestrator.GetAsync<RunDetail>(Routes.Run(run.Id), cancellation)).Attempts;
        var training = Assert.Single(attempts, attempt => attempt.Work == WorkKind.Train);
        var took = training.EndedAt!.Value - training.StartedAt;
        TestContext.Current.TestOutputHelper!.WriteLine($"limit {Limit.TotalSeconds:0} s, looked at every {Tick.TotalSeconds:0} s; the training took {took.TotalSeconds:0} s, {attempts.Count} attempts");
        Assert.Equal((2, nameof(WorkOutcome.Done)), (attempts.Count, training.Outcome));
        Assert.True(took > Limit + 2 * Tick, $"The training was over in {took}: more steps are needed for it to outlast the limit.");

        Assert.Equal(Constants.PreconditionFailed, (await closing).ReplyCode);
        // That one, and no channel of ours.
        Assert.Equal(1, Count(system.Rabbit.Server.Log, "timed out waiting for delivery acknowledgement"));
        Assert.Equal(1, Count(system.Rabbit.Server.Log, "caused a channel exception"));
    }

    /// <summary>The control: a consumer that does hold its message is thrown out by this very broker.</summary>
    private static async Task<ShutdownEventArgs> CloseReasonOfWhoHoldsAsync(RabbitMqVirtualHost rabbit, CancellationToken cancellation)
    {
        await using var connection = await QueueCounts.FactoryOf(rabbit).CreateConnectionAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var closed = new TaskCompletionSource<ShutdownEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, why) => Task.FromResult(closed.TrySetResult(why));
        await channel.QueueDeclareAsync("held", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellation);
        await channel.BasicConsumeAsync("held", autoAck: false, new AsyncEventingBasicConsumer(channel), cancellation);
        await channel.BasicPublishAsync("", "held", ReadOnlyMemory<byte>.Empty, cancellation);
        return await closed.Task.WaitAsync(Limit + 3 * Tick + Eventually.Patience, cancellation);
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;
}
