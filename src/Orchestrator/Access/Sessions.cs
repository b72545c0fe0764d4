using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Orchestrator.Access;

/// <summary>A browser's session is a cookie that only the platform's own pages send and no script reads.</summary>
internal static class Sessions
{
    public const string CookieName = "versemi-session";

    public static void Configure(CookieAuthenticationOptions cookie, AccessOptions options)
    {
        cookie.Cookie.Name = CookieName;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = options.Session;
        cookie.SlidingExpiration = true;
        cookie.Events.OnSigningIn = context =>
        {
            // Behind a proxy that Access:Proxies does not name, https looks like http.
            context.CookieOptions.Secure |= !SecureHeaders.IsLoopback(context.Request);
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Begun by a token, it ends with the token, and has the token's role.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.FindFirstValue(Principals.TokenClaim) is not { } id)
            return;
        var tokens = context.HttpContext.RequestServices.GetRequiredService<Tokens>();
        if (await tokens.FindByIdAsync(id, context.HttpContext.RequestAborted) is null)
            context.RejectPrincipal();
    }
}
