using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Startup;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.RabbitMq;

/// <summary>A process's bus on a real broker, and what a test wants to know of it.</summary>
internal sealed class BusHost(IHost host, BusOptions options) : IAsyncDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public IMessageBus Bus => host.Services.GetRequiredService<IMessageBus>();
    public IWorkQueue Work => host.Services.GetRequiredService<IWorkQueue>();
    public IBusHealth Health => host.Services.GetRequiredService<IBusHealth>();
    public Heard Heard => host.Services.GetRequiredService<Heard>();

    public static BusOptions Options(RabbitMqVirtualHost host) => new()
    {
        Transport = BusOptions.RabbitMq,
        Host = host.Server.Host,
        Port = host.Server.Port,
        VirtualHost = host.Name,
        User = host.Server.User,
        Password = host.Server.Password,
        Service = "test",
        HealthAge = TimeSpan.FromMilliseconds(100),
    };

    public static async Task<BusHost> StartAsync(BusOptions options, Action<BusBuilder> build, StartOptions? start = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders().AddProvider(new TestOutputLog());
        builder.Services.AddSingleton<Heard>().AddScoped<PingHandler>().AddScoped<PongHandler>().AddScoped<TraceHandler>();
        builder.Services.AddSingleton(start ?? new StartOptions()).AddMessageBus(options, build);
        var host = builder.Build();
        try
        {
            await host.StartAsync(Cancellation);
        }
        catch
        {
            host.Dispose();
            throw;
        }
        return new BusHost(host, options);
    }

    public static async Task<BusHost> StartAsync(SharedBroker broker, Action<BusBuilder> build) => await StartAsync(Options(await broker.StartedAsync()), build);

    public bool Listens(string queue) => host.Services.GetRequiredService<WorkQueue>().Listening.Contains(queue);

    public int Take()
    {
        Assert.True(Heard.Ids.TryTake(out var id, Eventually.Patience), "no message came");
        return id;
    }

    public async Task<QueueDepth> DepthAsync(string queue) =>
        (await host.Services.GetRequiredService<IQueueDepths>().ReadAsync(Cancellation)).Single(depth => depth.Queue == queue);

    /// <summary>Waits for a depth; the last one seen is in the failure.</summary>
    public async Task DepthAsync(string queue, string what, Func<QueueDepth, bool> reached)
    {
        QueueDepth? last = null;
        try
        {
            await Eventually.TrueAsync(what, async () => reached(last = await DepthAsync(queue)), Cancellation);
        }
        catch (TimeoutException e)
        {
            Assert.Fail($"{e.Message} Last seen: {last}");
        }
    }

    public Task HealthAsync(string what, bool healthy) =>
        Eventually.TrueAsync(what, async () => (await Health.CheckAsync(Cancellation)).Healthy == healthy, Cancellation);

    /// <summary>A channel of the test's own, for what only the broker's client can do.</summary>
    public async Task<T> OnChannelAsync<T>(Func<IChannel, Task<T>> act)
    {
        var factory = new ConnectionFactory { HostName = options.Host, Port = options.Port!.Value, VirtualHost = options.VirtualHost, UserName = options.User, Password = options.Password };
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        return await act(channel);
    }

    /// <summary>The headers of a queue's only dead letter, as text.</summary>
    public Task<IReadOnlyDictionary<string, string>> DeadLetterAsync(string queue) => OnChannelAsync<IReadOnlyDictionary<string, string>>(async channel =>
    {
        var dead = await channel.BasicGetAsync($"{queue}_error", autoAck: true, Cancellation);
        return (dead?.BasicProperties.Headers ?? throw new InvalidOperationException($"'{queue}' has no dead letter"))
            .ToDictionary(header => header.Key, header => header.Value is byte[] text ? System.Text.Encoding.UTF8.GetString(text) : $"{header.Value}");
    });

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}

internal sealed class TraceHandler(Heard heard) : IMessageHandler<Ping>
{
    public Task HandleAsync(Ping message, CancellationToken cancellation)
    {
        heard.Trace = System.Diagnostics.Activity.Current?.TraceId.ToString();
        heard.Ids.Add(message.Id, cancellation);
        return Task.CompletedTask;
    }
}
