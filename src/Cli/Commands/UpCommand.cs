using System.CommandLine;
using Microsoft.Extensions.Logging;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi up`: watches a data folder, runs all services, serves the API, until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = $"Where to listen on 127.0.0.1 (default: {FreePort.Default}, or the next free one)" };
        var recipe = SharedOptions.Recipe();
        var command = new Command("up", "Watch the data folder and run the whole platform") { port, recipe };
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = parsed.DataFolder();
            var output = Out.Of(parsed);
            SharedOptions.ReadRecipe(parsed.GetValue(recipe));
            var held = await data.LockAsync("up", cancellation);
            var plan = new HostPlan("up", Workers: true, FreePort.Choose(held, parsed.GetValue(port)), SharedOptions.Absolute(parsed.GetValue(recipe)), LogLevel.Information);
            await using var host = await PlatformHost.StartAsync(held, plan, cancellation);
            output.Line($"VerSemi is up: {host.Address} (the dashboard; the API is below /api/v1, its description at /reference)");
            output.Line($"Drop datasets into {data.Incoming}, or by 'versemi drop PATH'. Ctrl-C stops; a training goes on where it was at the next start.");
            await WaitForEndAsync(host, cancellation);
            output.Line("stopping…");
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>To be stopped is how this command ends well. A host that stops by itself has failed and says so.</summary>
    private static async Task WaitForEndAsync(PlatformHost host, CancellationToken cancellation)
    {
        try
        {
            await host.StoppedByItselfAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }
}
