using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi rollback [ID]`: an earlier model is live again, as a new generation.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "The model to go back to, as 1 or main/1 (default: the one that was in production before)", Arity = ArgumentArity.ZeroOrOne };
        var line = new Option<string>("--line") { Description = "The model line, where no ID names it", DefaultValueFactory = _ => "main" };
        var why = Ask.Why();
        var command = new Command("rollback", "Put an earlier model back into production") { id, line, why };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            (string Line, int Version)? to = parsed.GetValue(id) is { } model ? Ask.ModelOf(model) : null;
            var request = new RollBack(Ask.Who, parsed.GetValue(why), to?.Version);
            Ledger.Show(output, [await api.PostAsync<LedgerView>(Routes.RollBackLine(to?.Line ?? parsed.GetValue(line)!), request, cancellation)]);
        });
        return command;
    }
}
