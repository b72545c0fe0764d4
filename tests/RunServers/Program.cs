using System.Text.Json;
using VerSemi.TestKit.Servers;

// The servers that the suites of a test run share. Writes where they listen to the file named by the first argument, and
// stops them when standard input ends: at the end of `./test`, however that comes.

// Enough for every fixture of every suite: an unused one costs the broker's start some milliseconds.
const int virtualHosts = 48;

var file = args.Single();
var rabbitMq = StartAsync("rabbitmq-server", () => SharedServers.StartRabbitMqAsync(virtualHosts));
var postgres = StartAsync("postgres", () => PostgresServer.StartAsync());
var azurite = StartAsync("azurite", () => AzuriteServer.StartNewAsync());
await Task.WhenAll(rabbitMq, postgres, azurite);
try
{
    var addresses = new SharedServerAddresses(
        (await rabbitMq)?.Address, (await postgres)?.Port, (await azurite)?.BlobPort, (await azurite)?.QueuePort, (await azurite)?.TablePort);
    await File.WriteAllTextAsync(file + ".new", JsonSerializer.Serialize(addresses));
    File.Move(file + ".new", file, overwrite: true);
    await Console.In.ReadToEndAsync();
}
finally
{
    foreach (var server in new IAsyncDisposable?[] { await rabbitMq, await postgres, await azurite })
        if (server is not null)
            await server.DisposeAsync();
}
return 0;

// A server that cannot start is left out: each suite that asks for it starts one itself, and its failure is that test's.
static async Task<T?> StartAsync<T>(string name, Func<Task<T>> start) where T : class
{
    try
    {
        return await start();
    }
    catch (Exception e)
    {
        Console.Error.WriteLine($"{name} did not start: {e.Message}");
        return null;
    }
}
