using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Benchmarks.Speed;
using VerSemi.Domain.Messages;
using VerSemi.Ingest;
using VerSemi.Ingest.Sweep;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.UnitTests.Ingest;

namespace VerSemi.Benchmarks.Sweep;

/// <summary>`sweep [--store azurite]`: how long it takes to find one new drop among many that are done, as Markdown.</summary>
internal static class SweepBenchmark
{
    private const int NewFiles = 20;

    public static Command Create()
    {
        var store = new Option<string>("--store") { Description = "folder or azurite", DefaultValueFactory = _ => "folder" };
        var drops = new Option<int>("--drops") { DefaultValueFactory = _ => 1000 };
        var blobs = new Option<int>("--blobs") { Description = "In all drops together", DefaultValueFactory = _ => 100_000 };
        var command = new Command("sweep", "Time and requests of Ingest's look at incoming/") { store, drops, blobs };
        command.SetAction(async (parsed, _) => await RunAsync(parsed.GetValue(store) == "azurite", parsed.GetValue(drops), parsed.GetValue(blobs)));
        return command;
    }

    private static async Task RunAsync(bool azurite, int drops, int blobs)
    {
        await using var store = await SweepStore.FillAsync(azurite, drops, blobs);
        var counting = new CountingStore(store.Blobs);
        var bus = new Rings();
        Console.WriteLine($"{blobs} blobs in {drops} drops, {(azurite ? "Azurite" : "folder")}\n\n| | measured | target |\n|---|---|---|");

        await using (var first = Process(counting, bus))
        {
            Console.WriteLine(await LookAsync("first look of a process, nothing new", first, counting));
            Console.WriteLine(await LookAsync("next look, nothing new", first, counting));
            await store.DropAsync("new-1", NewFiles, reported: false);
            Console.WriteLine(await LookAsync("look that finds a new drop", first, counting, "≤ 10 s"));
            Expect(bus, "new-1");
        }
        await store.DropAsync("new-2", NewFiles, reported: false);
        await using var second = Process(counting, bus);
        Console.WriteLine(await LookAsync("first look after a restart, finds a new drop", second, counting, "≤ 10 s"));
        Expect(bus, "new-1", "new-2");
    }

    private static ServiceProvider Process(IBlobStore store, Rings bus)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(store).AddSingleton<IMessageBus>(bus);
        return services.AddIngest().BuildServiceProvider();
    }

    private static async Task<Row> LookAsync(string what, ServiceProvider process, CountingStore store, string wanted = "")
    {
        var sweep = process.GetRequiredService<IngestSweep>();
        store.Forget();
        var clock = Stopwatch.StartNew();
        await sweep.LookAsync(default);
        return new Row(what, $"{clock.Elapsed.TotalSeconds:0.000} s, {store.Listed.Count} of the drops listed, {store.Count} requests", wanted);
    }

    private static void Expect(Rings bus, params string[] drops)
    {
        if (!bus.Take().Order().SequenceEqual(drops))
            throw new InvalidOperationException($"Not just {string.Join(" and ", drops)} rung for.");
    }

    private sealed class Rings : IMessageBus
    {
        private readonly List<string> _drops = [];

        public string[] Take()
        {
            string[] taken = [.. _drops];
            _drops.Clear();
            return taken;
        }

        public Task SendAsync<T>(string queue, T message, TimeSpan? timeToLive = null, CancellationToken cancellation = default) where T : class
        {
            lock (_drops)
                _drops.Add((message as IngestDrop)!.Drop);
            return Task.CompletedTask;
        }

        public Task<TAnswer> AskAsync<TRequest, TAnswer>(string queue, TRequest request, TimeSpan timeout, CancellationToken cancellation = default)
            where TRequest : class where TAnswer : class => throw new NotSupportedException("Ingest asks nobody.");
    }
}
