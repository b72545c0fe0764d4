using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi promote ID`: a person puts a model into production.</summary>
internal static class PromoteCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "A model, as 3 or main/3" };
        var why = Ask.Why();
        var command = new Command("promote", "Put a model into production by hand") { id, why };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            var (line, version) = Ask.ModelOf(parsed.GetValue(id)!);
            var row = await api.PostAsync<LedgerView>(Routes.PromoteModel(line, version), new HumanAct(Ask.Who, parsed.GetValue(why)), cancellation);
            Ledger.Show(output, [row]);
        });
        return command;
    }
}
