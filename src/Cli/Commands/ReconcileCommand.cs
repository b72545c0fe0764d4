using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Rebuild;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi reconcile`: database and blobs of a data folder that were restored to different points, while nothing runs on it.</summary>
internal static class ReconcileCommand
{
    public static Command Create()
    {
        var command = new Command("reconcile", "Make the database and the blobs of a data folder agree after a restore to different points in time");
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = Ask.ExistingData(parsed);
            using var held = await data.LockAsync("reconcile", cancellation);
            var found = await PlatformHost.WithoutStartAsync(held, new HostPlan("reconcile", Workers: false), services => CatalogueReconciliation.RunAsync(services, cancellation));
            Show(Out.Of(parsed), found);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(Out output, ReconciledCatalogue found)
    {
        if (output.IsJson)
        {
            Out.Json(found);
            return;
        }
        output.Facts("database and blobs agree", ("taken from the blobs", found.Taken.Count), ("missing in the blobs", found.Missing.Count), ("rolled back", found.RolledBack.Count));
        foreach (var line in found.Taken.Select(one => $"taken: {one}").Concat(found.Missing.Select(one => $"missing: {one}")).Concat(found.RolledBack.Select(one => $"rolled back: {one}")))
            output.Line(line);
    }
}
