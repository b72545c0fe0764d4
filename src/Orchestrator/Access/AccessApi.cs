using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Access;

/// <summary>Who somebody is here, static tokens, and the audit ledger.</summary>
internal static class AccessApi
{
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/access", Ways).AllowAnonymous().Described("getAccess", "How one signs in here");
        api.MapGet("/me", Me).NeedsRole(Role.Viewer).Described("getMe", "Who asks, and what they may");
        api.MapGet("/tokens", async (Tokens tokens, OrchestratorDb db, CancellationToken cancellation) =>
            (await tokens.ListAsync(cancellation)).Select(row => View(row, db.Clock.Now)).ToList()).NeedsRole(Role.Admin).Described("listTokens", "Static tokens, without their secrets");
        api.MapPost("/tokens", AddAsync).NeedsRole(Role.Admin).WithMetadata(new SecretAnswer()).Described("addToken", "Makes a static token, which is said this once").Produces<AddedToken>(201);
        api.MapDelete("/tokens/{id}", async (string id, ClaimsPrincipal who, Tokens tokens, OrchestratorDb db, CancellationToken cancellation) =>
            View(await tokens.RevokeAsync(id, Principals.NameOf(who), cancellation), db.Clock.Now)).NeedsRole(Role.Admin).Described("revokeToken", "Revokes a static token");
        api.MapGet("/audit", AuditAsync).NeedsRole(Role.Admin).Described("listAudit", "Who did what, newest first");
    }

    private static AccessView Ways(AccessOptions options) => new(
        options.IsOpen, options.Tokens, options.OpenIdConnect.IsOn,
        options.OpenIdConnect.DeviceClientId.Length > 0
            ? new DeviceCodeView(options.OpenIdConnect.Authority, options.OpenIdConnect.DeviceClientId, options.OpenIdConnect.DeviceScopes)
            : null);

    private static MeView Me(ClaimsPrincipal who) => new(
        Principals.NameOf(who), [.. Enum.GetValues<Role>().Where(role => Principals.May(who, role)).Select(Principals.Word)], Principals.HowOf(who));

    private static async Task<IResult> AddAsync(NewToken request, ClaimsPrincipal who, Tokens tokens, OrchestratorDb db, CancellationToken cancellation)
    {
        var role = Principals.ParseRole(request.Role) ?? throw new DomainException($"'{request.Role}' is not a role: viewer, operator, approver or admin is possible.");
        if (request.ExpiresAt is null != request.NoExpiry)
            throw new DomainException(request.NoExpiry ? "The token has both 'expiresAt' and 'noExpiry': give one of them." : "The token has no end: give 'expiresAt', or ask for one that holds until it is revoked by 'noExpiry': true.");
        var (row, token) = await tokens.AddAsync(request.Name, role, request.ExpiresAt, Principals.NameOf(who), cancellation);
        return Results.Created(Routes.Token(row.Id), new AddedToken(View(row, db.Clock.Now), token));
    }

    private static async Task<List<AuditView>> AuditAsync(OrchestratorDb db, CancellationToken cancellation, long? before = null, int limit = 100, string? who = null)
    {
        if (limit is < 1 or > Most)
            throw new DomainException($"limit is {limit}: 1 to {Most} is possible.");
        return await db.Audit.AsNoTracking().Where(row => (before == null || row.Id < before) && (who == null || row.Who == who)).OrderByDescending(row => row.Id).Take(limit)
            .Select(row => new AuditView(row.Id, row.At, row.Who, row.How, row.From, row.Act, row.Subject, row.Why, row.Status)).ToListAsync(cancellation);
    }

    private static TokenView View(AccessTokenRow row, DateTimeOffset now) =>
        new(row.Id, row.Name, row.Role, row.HoldsAt(now), row.CreatedAt, row.CreatedBy, row.ExpiresAt, row.RevokedAt, row.RevokedBy);
}
