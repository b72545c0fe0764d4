using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using VerSemi.DistributedKit;
using VerSemi.Domain.Messages;
using VerSemi.IntegrationTests.Orchestrator;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.Benchmarks.Throughput;

/// <summary>
/// `throughput [LINES…]`: so many lines, a cycle each at once, through one orchestrator process on one PostgreSQL and one
/// RabbitMQ, with trainers that answer at once; then, warm, a second cycle each. A workflow step is a committed change of a
/// cycle or a run.
/// </summary>
internal static class ThroughputBenchmark
{
    public static Command Create()
    {
        var lines = new Argument<int[]>("LINES") { Description = "Numbers of lines, one run each; none: 100 and 1000", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("throughput", "Workflow steps a second over many lines") { lines };
        command.SetAction(async (parsed, cancellation) =>
        {
            Console.WriteLine("| lines | cycle of each | completed | steps | seconds | steps/s | ms a step | processor ms a step |\n|---|---|---|---|---|---|---|---|");
            foreach (var count in parsed.GetValue(lines) is { Length: > 0 } chosen ? chosen : [100, 1000])
                await MeasureAsync(count, cancellation);
        });
        return command;
    }

    private static async Task MeasureAsync(int lines, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        await using var rabbit = await RabbitMqServer.StartAsync(cancellation: cancellation);
        await using var postgres = await PostgresServer.StartAsync(durable: true, cancellation);
        var database = await postgres.CreateDatabaseAsync(cancellation: cancellation);
        using var trainers = await TrainersAsync(rabbit, folder["blobs"], cancellation);
        await using var orchestrator = new ServiceProcess("Orchestrator", [], Environment(rabbit, database, folder, lines));
        await orchestrator.ReadyAsync(TimeSpan.FromMinutes(2), cancellation);

        await using var source = NpgsqlDataSource.Create(database);
        var before = 0L;
        foreach (var (cycle, dataset) in new[] { (1, "liver"), (2, "spleen") })
        {
            var (clock, busy) = (Stopwatch.StartNew(), Processor.Busy());
            await Data.CommitAsync(new FolderBlobStore(folder["blobs"]), dataset);
            await Eventually.TrueAsync($"{lines} cycles {cycle} are over", TimeSpan.FromMinutes(30), async () =>
            {
                await Task.Delay(200, cancellation);
                return await CountAsync(source, $"""SELECT count(*) FROM cycles WHERE "Number" = {cycle} AND "State" IN ('Completed', 'Failed', 'Rejected', 'Cancelled')""", cancellation) == lines;
            }, cancellation);
            var (seconds, processor) = (clock.Elapsed.TotalSeconds, Processor.Busy() - busy);
            var completed = await CountAsync(source, $"""SELECT count(*) FROM cycles WHERE "Number" = {cycle} AND "State" = 'Completed'""", cancellation);
            var all = await CountAsync(source, """SELECT (SELECT sum("Version") FROM cycles) + (SELECT sum("Version") FROM runs)""", cancellation);
            var steps = all - before;
            before = all;
            Console.WriteLine(FormattableString.Invariant(
                $"| {lines} | {(cycle == 1 ? "first" : "second")} | {completed} | {steps} | {seconds:0} | {steps / seconds:0} | {1000 * seconds / steps:0.0} | {1000 * processor.TotalSeconds / steps:0.0} |"));
        }
        await trainers.StopAsync(cancellation);
    }

    private static async Task<IHost> TrainersAsync(RabbitMqServer rabbit, string blobs, CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IBlobStore>(new FolderBlobStore(blobs));
        builder.Services.AddScoped<InstantTrainer>();
        builder.Services.AddMessageBus(
            new BusOptions { Transport = BusOptions.RabbitMq, Host = rabbit.Host, Port = rabbit.Port, User = rabbit.User, Password = rabbit.Password, Service = "trainer" },
            bus => bus.Handle<WorkOnRun, InstantTrainer>(Queues.Training, concurrency: 8));
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return host;
    }

    private static Dictionary<string, string> Environment(RabbitMqServer rabbit, string database, TempFolder folder, int lines)
    {
        var settings = folder["lines.json"];
        File.WriteAllText(settings, JsonSerializer.Serialize(new
        {
            VerSemi = new
            {
                Orchestrator = new { Lines = LineNames(lines).ToDictionary(line => line, _ => new { Recipe = "demo" }), QuietWindow = "00:00:01" },
                Blobs = new { Store = "folder", Folder = folder["blobs"] },
            },
        }));
        var environment = new Dictionary<string, string> { ["VERSEMI_CONFIG"] = settings, ["VERSEMI__SERVICE__LOGFORMAT"] = "simple" };
        foreach (var (name, value) in rabbit.Root.Settings().Concat(PostgresServer.SettingsOf(database)))
            environment[name] = value;
        return environment;
    }

    /// <summary>The line that is always there, and others.</summary>
    private static IEnumerable<string> LineNames(int lines) => Enumerable.Range(1, lines - 1).Select(line => $"line-{line:0000}").Prepend("main");

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation));
    }

    /// <summary>Time that all processors of the machine worked, for whatever process.</summary>
    private static class Processor
    {
        public static TimeSpan Busy()
        {
            var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(long.Parse).ToArray();
            return TimeSpan.FromSeconds((ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / 100.0);
        }
    }
}
