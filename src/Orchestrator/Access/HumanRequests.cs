using Microsoft.AspNetCore.Http;
using VerSemi.Domain;

namespace VerSemi.Orchestrator.Access;

/// <summary>A request that says by whom it is.</summary>
public interface IHumanRequest
{
    string Who { get; }
    string? Why { get; }

    /// <summary>The same request by somebody.</summary>
    IHumanRequest By(string who);
}

/// <summary>
/// Puts the name of who is signed in into the request, and begins the row of the audit ledger. A request that names
/// somebody else is refused: to record another name than was sent, silently, would only hide a mistake.
/// </summary>
internal sealed class HumanRequests(AccessOptions options) : IEndpointFilter
{
    private const int LongestWho = 100;
    private const int LongestWhy = 2000;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var entry = context.HttpContext.Features.Get<AuditEntry>();
        for (var i = 0; i < context.Arguments.Count; i++)
            if (context.Arguments[i] is IHumanRequest request)
                context.Arguments[i] = Settle(request, Principals.NameOf(context.HttpContext.User), entry?.Row);
        if (entry is not null)
            await entry.BeginAsync(context.HttpContext.RequestAborted);
        return await next(context);
    }

    private IHumanRequest Settle(IHumanRequest request, string name, AuditRow? row)
    {
        RequireShort("who", request.Who, LongestWho);
        RequireShort("why", request.Why, LongestWhy);
        if (row is not null)
            row.Why = request.Why;
        if (!options.IsOpen)
            return string.IsNullOrEmpty(request.Who) || request.Who == name ? request.By(name) : throw new DomainException(
                $"'who' is '{request.Who}', but it is '{name}' who is signed in: leave 'who' out.");
        if (row is not null && !string.IsNullOrWhiteSpace(request.Who))
            row.Who = request.Who;
        return request;
    }

    /// <summary>Kept indefinitely, in the ledger and the timeline.</summary>
    private static void RequireShort(string name, string? text, int most)
    {
        if (text?.Length > most)
            throw new DomainException($"'{name}' has {text.Length} characters: at most {most} are possible, as it is kept in the ledger.");
    }
}
