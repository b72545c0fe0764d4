using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi gc [--dry-run]`: deletes what the settings no longer keep (Orchestrator:Retention).</summary>
internal static class GcCommand
{
    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be deleted, and delete nothing" };
        var command = new Command("gc", "Delete old drops, checkpoints, weights that became no model, and imports") { dryRun };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            var collected = await api.PostAsync<IReadOnlyList<CollectedView>>(Routes.CollectGarbage, new CollectGarbage(parsed.GetValue(dryRun)), cancellation);
            output.Table(parsed.GetValue(dryRun) ? "Would be deleted" : "Deleted", collected,
                ("path", c => c.Path), ("blobs", c => c.Blobs), ("MB", c => c.Bytes / 1e6), ("why", c => c.Why));
        });
        return command;
    }
}
