using System.CommandLine;
using System.CommandLine.Parsing;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi tokens add|list|revoke`: static tokens, for admins.</summary>
internal static class TokensCommand
{
    public static Command Create() => new("tokens", "Static tokens: who may come in, with which role") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "Who or what will act by it; stands in the ledger" };
        var role = new Option<string>("--role") { Description = "viewer, operator, approver or admin", Required = true };
        var expires = new Option<string?>(TokenLifetime.Expires) { Description = "How long it holds: 90d, 12h, … (required, or --no-expiry)" };
        var noExpiry = new Option<bool>(TokenLifetime.NoExpiry) { Description = "It holds until it is revoked" };
        var command = new Command("add", "Make a token; it is shown this once") { name, role, expires, noExpiry };
        command.Validators.Add(result => Check(result, result.GetValue(expires), result.GetValue(noExpiry)));
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            var lifetime = TokenLifetime.Parse(parsed.GetValue(expires), parsed.GetValue(noExpiry));
            var request = new NewToken(parsed.GetValue(name)!, parsed.GetValue(role)!, TimeProvider.System.GetUtcNow() + lifetime, NoExpiry: lifetime is null);
            var added = await api.PostAsync<AddedToken>(Routes.Tokens, request, cancellation);
            if (output.IsJson)
                Out.Json(added);
            output.Line(added.Secret);
            output.Line($"This is the token of '{added.Token.Name}' ({added.Token.Role}{(added.Token.ExpiresAt is { } end ? $", until {Out.Text(end)}" : "")}). It is not shown again.");
        });
        return command;
    }

    /// <summary>Before any platform is started for it.</summary>
    private static void Check(CommandResult result, string? expires, bool noExpiry)
    {
        try
        {
            TokenLifetime.Parse(expires, noExpiry);
        }
        catch (DomainException e)
        {
            result.AddError(e.Message);
        }
    }

    private static Command List()
    {
        var command = new Command("list", "All tokens that were ever made, without their secrets");
        command.SetQuestion(async (api, _, output, cancellation) => Show(output, await api.GetAsync<IReadOnlyList<TokenView>>(Routes.Tokens, cancellation)));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "As 'versemi tokens list' shows it" };
        var command = new Command("revoke", "From now on the token, and every session that it began, is refused") { id };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
            Show(output, [await api.DeleteAsync<TokenView>(Routes.Token(Uri.EscapeDataString(parsed.GetValue(id)!)), cancellation)]));
        return command;
    }

    private static void Show(Out output, IReadOnlyList<TokenView> tokens) => output.Table("Tokens", tokens,
        ("id", t => t.Id), ("name", t => t.Name), ("role", t => t.Role), ("holds", t => t.Holds), ("made", t => t.CreatedAt), ("by", t => t.CreatedBy),
        ("until", t => t.ExpiresAt), ("revoked", t => t.RevokedAt), ("by", t => t.RevokedBy));
}
