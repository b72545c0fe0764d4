using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;

namespace VerSemi.Orchestrator.Access;

/// <summary>A browser's way in and out: small pages without a script.</summary>
internal static class SignInPages
{
    public const string Login = "/login";
    public const string Logout = "/logout";
    public const string Act = "sign in";

    private const string Issuer = $"{Login}/issuer";
    private const string Done = $"{Login}/done";
    private const int LongestForm = 16 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Login, ShowAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Login, SignInAsync).AllowAnonymous().Audited(Act).ExcludeFromDescription();
        app.MapGet(Issuer, (AccessOptions options, string? returnUrl = null) => options.OpenIdConnect.IsOn
            ? Results.Challenge(new AuthenticationProperties { RedirectUri = LocalOrHome(returnUrl) }, [Schemes.OpenIdConnect])
            : Results.NotFound()).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(Done, (string? returnUrl = null) => GoOn(LocalOrHome(returnUrl))).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Logout, async (HttpContext context, AccessOptions options) =>
        {
            if (!options.IsOpen)
                await context.SignOutAsync(Schemes.Session);
            return Results.Redirect(options.IsOpen ? "/" : Login);
        }).AllowAnonymous().Audited("sign out").ExcludeFromDescription();
    }

    /// <summary>Of the sign-in page, which leads back to where somebody was stopped.</summary>
    public static string AddressFor(HttpRequest request) => $"{Login}?returnUrl={Uri.EscapeDataString(request.GetEncodedPathAndQuery())}";

    /// <summary>
    /// The session's cookie is not sent while a browser is on its way from the issuer's site: a page of our own is what
    /// leads on.
    /// </summary>
    public static string DoneAddress(string? returnUrl) => $"{Done}?returnUrl={Uri.EscapeDataString(LocalOrHome(returnUrl))}";

    private static IResult ShowAsync(HttpContext context, AccessOptions options, IAntiforgery antiforgery, string? returnUrl = null, string? failed = null)
    {
        var back = LocalOrHome(returnUrl);
        if (options.IsOpen || Principals.RoleOf(context.User) is not null)
            return Results.Redirect(back);
        // Somebody who followed a link of another site may well be signed in: from here on the cookie is sent.
        if (context.Request.Headers["Sec-Fetch-Site"] == "cross-site" && failed is null)
            return GoOn($"{Login}?returnUrl={Uri.EscapeDataString(back)}");
        var problem = failed is not null ? "The issuer did not sign you in. Try again, or ask an administrator." : null;
        return Page(context, options, antiforgery, back, problem, StatusCodes.Status200OK);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, AccessOptions options, IAntiforgery antiforgery, Tokens tokens, CancellationToken cancellation)
    {
        if (!options.Tokens)
            return Results.NotFound();
        if (!await antiforgery.IsRequestValidAsync(context))
            return Page(context, options, antiforgery, "/", "This form was too old. Try again.", StatusCodes.Status400BadRequest);
        var form = await context.Request.ReadFormAsync(cancellation);
        var back = LocalOrHome(form["returnUrl"]);
        if (!context.Request.IsHttps && !SecureHeaders.IsLoopback(context.Request))
            return Page(context, options, antiforgery, back, "A browser keeps a session only over https. Reach the platform by https (behind a proxy, name it in Access:Proxies).", StatusCodes.Status400BadRequest);
        var token = form["token"].ToString().Trim();
        if (token.Length > LongestForm || await tokens.FindAsync(token, cancellation) is not { } row)
            return Page(context, options, antiforgery, back, "This token is unknown, was revoked, or has run out.", StatusCodes.Status401Unauthorized);
        if (context.Features.Get<AuditEntry>() is { } entry)
            (entry.Row.Who, entry.Row.How) = (row.Name, SignIn.Token);
        var lifetime = new AuthenticationProperties { ExpiresUtc = null, IsPersistent = false };
        await context.SignInAsync(Schemes.Session, Principals.Of(row), lifetime);
        return Results.Redirect(back);
    }

    private static IResult Page(HttpContext context, AccessOptions options, IAntiforgery antiforgery, string back, string? problem, int status)
    {
        context.Response.Headers.CacheControl = "no-store";
        var said = problem is null ? "" : $"<p role=\"alert\" class=\"problem\">{HtmlEncoder.Default.Encode(problem)}</p>";
        var issuer = options.OpenIdConnect.IsOn
            ? $"<p><a class=\"button\" href=\"{Issuer}?returnUrl={Uri.EscapeDataString(back)}\">Sign in with {HtmlEncoder.Default.Encode(new Uri(options.OpenIdConnect.Authority).Host)}</a></p>"
            : "";
        var form = options.Tokens ? TokenForm(antiforgery.GetAndStoreTokens(context), back) : "";
        var neither = options.Tokens || options.OpenIdConnect.IsOn ? "" : "<p>This platform takes access tokens of programs alone. An administrator can set Access:OpenIdConnect or Access:Tokens.</p>";
        return SignInHtml.Of("Sign in", said + issuer + form + neither, status: status);
    }

    private static string TokenForm(AntiforgeryTokenSet field, string back) =>
        $"""
        <form method="post" action="{Login}">
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="off" required autofocus maxlength="4096">
        <input type="hidden" name="returnUrl" value="{HtmlEncoder.Default.Encode(back)}">
        <input type="hidden" name="{HtmlEncoder.Default.Encode(field.FormFieldName)}" value="{HtmlEncoder.Default.Encode(field.RequestToken!)}">
        <button type="submit">Sign in</button>
        </form>
        <p class="hint">An administrator makes one: <code>versemi tokens add NAME --role viewer</code>. It is shown once.</p>
        """;

    private static IResult GoOn(string address) =>
        SignInHtml.Of("Signed in", $"<p><a href=\"{HtmlEncoder.Default.Encode(address)}\">Go on</a></p>", $"<meta http-equiv=\"refresh\" content=\"0;url={HtmlEncoder.Default.Encode(address)}\">");

    /// <summary>Nobody is led to another site.</summary>
    private static string LocalOrHome(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal) && !address.Any(char.IsControl) ? address : "/";
}
