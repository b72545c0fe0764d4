using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Orchestrator.Access;

/// <summary>A browser's session is a cookie that only the platform's own pages send and no script reads.</summary>
internal static class Sessions
{
    public const string CookieName = "versemi-session";

    private static readonly object Refused = new();

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
        cookie.Events.OnValidatePrincipal = context => ValidateAsync(context, options);
    }

    /// <summary>Whether the request brings the cookie of a session that this platform signed, but does not take any more.</summary>
    public static async Task<bool> IsRefusedAsync(HttpContext context)
    {
        if (context.Request.Cookies.ContainsKey(CookieName))
            await context.AuthenticateAsync(Schemes.Session);
        return context.Items.ContainsKey(Refused);
    }

    /// <summary>A refused cookie is removed from the browser, so that its next request can be answered.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context, AccessOptions options)
    {
        if (await HolderAsync(context, options) is { } holder)
        {
            context.ReplacePrincipal(holder);
            return;
        }
        context.RejectPrincipal();
        context.HttpContext.Items[Refused] = true;
        await context.HttpContext.SignOutAsync(Schemes.Session);
    }

    /// <summary>Who it is by the settings and rows of now. Signature and content are not enough: a key may have leaked, or a way in may be off by now.</summary>
    private static async Task<ClaimsPrincipal?> HolderAsync(CookieValidatePrincipalContext context, AccessOptions options)
    {
        var (who, http) = (context.Principal!, context.HttpContext);
        return Principals.HowOf(who) switch
        {
            SignIn.Token when options.Tokens && who.FindFirstValue(Principals.TokenClaim) is { } id =>
                await http.RequestServices.GetRequiredService<Tokens>().FindByIdAsync(id, http.RequestAborted) is { } row ? Principals.Of(row) : null,
            SignIn.OpenIdConnect when options.OpenIdConnect.IsOn => who,
            _ => null,
        };
    }
}
