using System.Diagnostics;
using System.Text;
using Azure.Storage.Queues;
using VerSemi.IntegrationTests.Platform.Blobs;
using VerSemi.Platform.Hints;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Ingest;

/// <summary>Hints out of a real storage queue; the next sweep is an hour away where nothing else is said.</summary>
public sealed class HintTests(SharedAzurite azurite)
{
    private readonly string _name = $"events-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_in_the_queue_makes_the_sweep_look_at_its_drop_now_in_either_schema_and_in_base64()
    {
        var (queue, options) = await QueueAsync();
        await using var host = await HintHost.StartAsync(queue: options);
        var sent = new Dictionary<string, string>
        {
            ["grid"] = Events.EventGrid("grid"),
            ["cloud"] = Events.CloudEvent("cloud"),
            ["base64"] = Base64(Events.EventGrid("base64")),
            ["array"] = Base64($"[{Events.CloudEvent("array")},{Events.EventGrid("grid")}]"),
        };
        foreach (var (drop, body) in sent)
        {
            host.Drop(drop);
            await queue.SendMessageAsync(body, Stop);
            await queue.SendMessageAsync(body, Stop); // Event Grid delivers at least once
        }
        foreach (var drop in sent.Keys)
            await host.RungForAsync(drop);
        await EmptyAsync(queue);
        Assert.Equal(sent.Count + 1, host.Rung.Count);
    }

    [Fact]
    public async Task Events_of_other_places_and_kinds_are_deleted_and_make_nobody_look()
    {
        var (queue, options) = await QueueAsync();
        await using var host = await HintHost.StartAsync(queue: options);
        host.Drop("d");
        foreach (var body in new[] { Events.EventGrid("d", container: "other"), Events.EventGrid("d", type: "Microsoft.Storage.BlobDeleted"), Events.CloudEvent("d", container: "versemi2") })
            await queue.SendMessageAsync(body, Stop);
        await EmptyAsync(queue);
        host.Drop("last");
        await queue.SendMessageAsync(Events.EventGrid("last"), Stop);
        await host.RungForAsync("last");
        Assert.DoesNotContain("d", host.Rung);
        Assert.False(await new QueueClient(options.ConnectionString, $"{_name}-poison").ExistsAsync(Stop));
    }

    [Fact]
    public async Task A_message_that_is_no_event_goes_to_the_poison_queue()
    {
        var (queue, options) = await QueueAsync();
        await using var host = await HintHost.StartAsync(queue: options);
        await queue.SendMessageAsync("{\"hello\":1}", Stop);
        var poison = new QueueClient(options.ConnectionString, $"{_name}-poison");
        var found = await Eventually.GetAsync("it is in the poison queue", async () => await poison.ExistsAsync(Stop) ? (await poison.PeekMessagesAsync(1, Stop)).Value.FirstOrDefault() : null, Stop);
        Assert.Equal("{\"hello\":1}", found.Body.ToString());
        await EmptyAsync(queue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_all_hints_lost_a_drop_is_found_within_a_sweep_interval(bool queueIsThere)
    {
        var (_, options) = await QueueAsync();
        if (!queueIsThere)
            options.ConnectionString = options.ConnectionString.Replace($":{(await azurite.ServerAsync()).QueuePort}/", $":{TestServers.FreePort()}/", StringComparison.Ordinal);
        var interval = TimeSpan.FromSeconds(1);
        await using var host = await HintHost.StartAsync(interval, options);
        var clock = Stopwatch.StartNew();
        host.Drop("silent");
        await host.RungForAsync("silent");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, interval + TimeSpan.FromSeconds(30)); // for a busy machine; tests/Benchmarks measures it
    }

    private async Task<(QueueClient Queue, HintQueueOptions Options)> QueueAsync()
    {
        var options = new HintQueueOptions
        {
            QueueName = _name,
            ConnectionString = (await azurite.ServerAsync()).ConnectionString,
            PollInterval = TimeSpan.FromMilliseconds(50),
            PollAtMost = TimeSpan.FromMilliseconds(200),
        };
        var queue = new QueueClient(options.ConnectionString, _name);
        await queue.CreateAsync(cancellationToken: Stop);
        return (queue, options);
    }

    private static Task EmptyAsync(QueueClient queue) => Eventually.TrueAsync("the queue is empty", async () => (await queue.GetPropertiesAsync(Stop)).Value.ApproximateMessagesCount == 0, Stop);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
