using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi audit`: who did what, or tried to, for admins.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var who = new Option<string?>("--who") { Description = "Of this name alone" };
        var limit = new Option<int>("--limit") { Description = "How many, at most 1000 (default: 50)", DefaultValueFactory = _ => 50 };
        var before = new Option<long?>("--before") { Description = "Older than this row" };
        var command = new Command("audit", "The audit ledger, newest first: every act and what was refused, every look at a volume") { who, limit, before };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            var choice = $"{(parsed.GetValue(who) is { } name ? $"&who={Uri.EscapeDataString(name)}" : "")}{(parsed.GetValue(before) is { } row ? $"&before={row}" : "")}";
            output.Table("Audit", await api.GetAsync<IReadOnlyList<AuditView>>($"{Routes.Audit}?limit={parsed.GetValue(limit)}{choice}", cancellation),
                ("row", a => a.Id), ("at", a => a.At), ("who", a => a.Who), ("by", a => a.How), ("act", a => a.Act), ("subject", a => a.Subject), ("why", a => a.Why), ("status", a => a.Status));
        });
        return command;
    }
}
