using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Access;

/// <summary>The least role that an endpoint asks for.</summary>
public sealed record NeededRole(Role Role);

/// <summary>An endpoint whose every use is in the audit ledger, also where it only reads.</summary>
/// <param name="Act">What is done, e.g. "view volume"; null: its method and pattern.</param>
public sealed record AuditedAct(string? Act);

/// <summary>An endpoint whose answer holds a secret: nobody may keep it, not even for a repetition of the request.</summary>
public sealed record SecretAnswer;

public static class Needs
{
    /// <summary>Says who may use the endpoint. Every endpoint of the API says it: without, it is refused to everybody.</summary>
    public static TBuilder NeedsRole<TBuilder>(this TBuilder builder, Role role) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(Principals.Word(role)).WithMetadata(new NeededRole(role));

    /// <summary>Every use is a row of the audit ledger. Whatever is no GET or HEAD of the API is that anyway.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder builder, string? act = null) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AuditedAct(act));

    /// <summary>A policy for each role's word. What says nothing of itself needs a viewer; in the API, it is refused.</summary>
    internal static void AddPolicies(AuthorizationBuilder authorization)
    {
        foreach (var role in Enum.GetValues<Role>())
            authorization.AddPolicy(Principals.Word(role), policy => policy.AddRequirements(new AtLeast(role)));
        authorization.SetDefaultPolicy(new AuthorizationPolicy([new AtLeast(Role.Viewer)], []));
        authorization.SetFallbackPolicy(new AuthorizationPolicy([new Unmarked()], []));
        authorization.Services.AddSingleton<IAuthorizationHandler, AtLeastHandler>().AddSingleton<IAuthorizationHandler, UnmarkedHandler>();
    }

    internal sealed record AtLeast(Role Role) : IAuthorizationRequirement;

    private sealed class AtLeastHandler : AuthorizationHandler<AtLeast>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AtLeast requirement)
        {
            if (Principals.May(context.User, requirement.Role))
                context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }

    private sealed record Unmarked : IAuthorizationRequirement;

    private sealed class UnmarkedHandler : AuthorizationHandler<Unmarked>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Unmarked requirement)
        {
            // An address that leads nowhere is a 404 for a viewer, also in the API; a wrong method is the framework's own endpoint, a 405.
            var isForgotten = context.Resource is HttpContext http && http.GetEndpoint() is RouteEndpoint && http.Request.Path.StartsWithSegments(Routes.Root);
            if (!isForgotten && Principals.May(context.User, Role.Viewer))
                context.Succeed(requirement);
            return Task.CompletedTask;
        }
    }
}
