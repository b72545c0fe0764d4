using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi whoami`: who the platform takes this user for.</summary>
internal static class WhoAmICommand
{
    public static Command Create()
    {
        var command = new Command("whoami", "Who the platform takes you for, and what you may do");
        command.SetQuestion(async (api, _, output, cancellation) =>
        {
            var me = await api.GetAsync<MeView>(Routes.Me, cancellation);
            if (output.IsJson)
                Out.Json(me);
            output.Facts("You", ("name", me.Name), ("roles", me.Roles), ("known by", me.How));
        });
        return command;
    }
}
