using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Access;

/// <summary>Programs and scripts are told what is missing; a person with a browser is led to the sign-in page.</summary>
internal sealed class RefusedRequests(AccessOptions options) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            await next(context);
        else if (Principals.NameOf(context.User).Length > 0)
            await ProblemKind.Forbidden.Answer(WhyNot(context)).ExecuteAsync(context);
        else if (IsPage(context.Request) && !options.IsOpen)
            context.Response.Redirect(SignInPages.AddressFor(context.Request));
        else
            await ChallengeAsync(context);
    }

    private static string WhyNot(HttpContext context)
    {
        var has = Principals.RoleOf(context.User) is { } role ? $"the role {Principals.Word(role)}" : "no role here";
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<NeededRole>();
        return needed is null && context.GetEndpoint() is not null && context.Request.Path.StartsWithSegments(Api.Routes.Root)
            ? "This endpoint does not say which role it needs, and so is refused to everybody. This is a defect."
            : $"'{Principals.NameOf(context.User)}' has {has}, and this needs {Principals.Word(needed?.Role ?? Role.Viewer)}. An administrator can give it.";
    }

    private static async Task ChallengeAsync(HttpContext context)
    {
        var failure = (await context.AuthenticateAsync()).Failure;
        context.Response.Headers.Append(HeaderNames.WWWAuthenticate, failure is null ? "Bearer" : "Bearer error=\"invalid_token\"");
        // Our own words; those of a library may quote the token.
        var reason = failure is null ? "Nobody is signed in." : failure is AuthenticationFailureException ? failure.Message : "The access token is not valid here.";
        await ProblemKind.Unauthenticated.Answer($"{reason} Sign in at /login, or by `versemi login --server {context.Request.Scheme}://{context.Request.Host}`; a program sends 'Authorization: Bearer …'.").ExecuteAsync(context);
    }

    private static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
