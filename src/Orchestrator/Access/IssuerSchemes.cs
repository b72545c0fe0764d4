using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace VerSemi.Orchestrator.Access;

/// <summary>OpenID Connect for people, its access tokens for programs. What an issuer says becomes a name and a role, once.</summary>
internal static class IssuerSchemes
{
    public static void Configure(JwtBearerOptions jwt, MachineOptions options)
    {
        jwt.Authority = options.Authority;
        jwt.Audience = options.Audience;
        jwt.RequireHttpsMetadata = NeedsHttps(options.Authority);
        jwt.MapInboundClaims = false;
        jwt.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        // Never its words: they may quote the token.
        jwt.IncludeErrorDetails = false;
        jwt.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                context.Principal = Principals.OfIssuer(context.Principal!, options, SignIn.Jwt);
                return Task.CompletedTask;
            },
        };
    }

    public static void Configure(OpenIdConnectOptions oidc, PeopleOptions options)
    {
        (oidc.Authority, oidc.ClientId, oidc.ClientSecret) = (options.Authority, options.ClientId, options.ClientSecret.Length > 0 ? options.ClientSecret : null);
        oidc.RequireHttpsMetadata = NeedsHttps(options.Authority);
        oidc.SignInScheme = Schemes.Session;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        // The answer comes by GET: a POST from the issuer's page would be another site's act.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.MapInboundClaims = false;
        oidc.SaveTokens = false;
        oidc.DisableTelemetry = true;
        foreach (var scope in options.Scopes)
            oidc.Scope.Add(scope);
        foreach (var cookie in new[] { oidc.CorrelationCookie, oidc.NonceCookie })
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        oidc.Events = Events(options);
    }

    private static OpenIdConnectEvents Events(PeopleOptions options) => new()
    {
        OnTokenValidated = async context =>
        {
            context.Principal = Principals.OfIssuer(context.Principal!, options, SignIn.OpenIdConnect);
            await RecordAsync(context.HttpContext, context.Principal, StatusCodes.Status200OK);
        },
        OnTicketReceived = context =>
        {
            context.ReturnUri = SignInPages.DoneAddress(context.ReturnUri);
            return Task.CompletedTask;
        },
        OnRemoteFailure = async context =>
        {
            context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(IssuerSchemes))
                .LogWarning(context.Failure, "A sign-in at {Issuer} failed", options.Authority);
            await RecordAsync(context.HttpContext, new ClaimsPrincipal(), StatusCodes.Status401Unauthorized);
            context.Response.Redirect(SignInPages.Login + "?failed=issuer");
            context.HandleResponse();
        },
    };

    private static Task RecordAsync(HttpContext context, ClaimsPrincipal who, int status) => context.RequestServices.GetRequiredService<AuditLedger>().WriteAsync(new AuditRow
    {
        Who = Principals.NameOf(who),
        How = SignIn.OpenIdConnect,
        From = context.Connection.RemoteIpAddress?.ToString(),
        Act = SignInPages.Act,
        Subject = context.Request.Path,
        Status = status,
    }, context.RequestAborted);

    private static bool NeedsHttps(string authority) => !(Uri.TryCreate(authority, UriKind.Absolute, out var address) && address.IsLoopback);
}
