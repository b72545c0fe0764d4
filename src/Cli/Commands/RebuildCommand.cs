using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Rebuild;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi rebuild-catalogue`: a lost database from the blob store, while nothing runs on the data folder.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var command = new Command("rebuild-catalogue", "Fill an empty database from the data folder: datasets, label spaces, models, ledger, cycles");
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = Ask.ExistingData(parsed);
            using var held = await data.LockAsync("rebuild-catalogue", cancellation);
            var rebuilt = await PlatformHost.WithoutStartAsync(held, new HostPlan("rebuild-catalogue", Workers: false), services => CatalogueRebuild.RunAsync(services, cancellation));
            Show(Out.Of(parsed), rebuilt);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(Out output, RebuiltCatalogue rebuilt)
    {
        if (output.IsJson)
            Out.Json(rebuilt);
        else
            output.Facts(rebuilt.Written ? "rebuilt from the data folder" : "nothing to do: the database agrees with the data folder",
                ("datasets", rebuilt.Datasets), ("label spaces", rebuilt.LabelSpaces), ("models", rebuilt.Models), ("generations", rebuilt.Generations),
                ("cycles", rebuilt.Cycles), ("runs", rebuilt.Runs), ("withdrawals", rebuilt.Withdrawals));
    }
}
