using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace VerSemi.Orchestrator.Access;

/// <summary>The ways to tell who asks, by name; the first chooses one of the others by the request.</summary>
internal static class Schemes
{
    public const string Chooser = "versemi";
    public const string Open = "open";
    public const string Token = "token";
    public const string Jwt = "jwt";
    public const string Session = "session";
    public const string OpenIdConnect = "oidc";

    private const string Bearer = "Bearer ";

    public static string Choose(HttpContext context, AccessOptions options)
    {
        if (options.IsOpen)
            return Open;
        if (BearerOf(context.Request) is not { } bearer)
            return Session;
        return options.Jwt.IsOn && !bearer.StartsWith(Tokens.Prefix, StringComparison.Ordinal) ? Jwt : Token;
    }

    public static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
}

/// <summary>For the commands of this machine's user on a data folder whose platform asks for authentication: who reads the folder has it. Null: there is none.</summary>
public sealed record LocalKey(string? Value)
{
    public static LocalKey Fresh() => new(Tokens.Prefix + "local_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    internal bool Is(string bearer) =>
        Value is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(bearer), Encoding.UTF8.GetBytes(Value));
}

/// <summary>Everybody on this machine is the user that the platform runs as.</summary>
internal sealed class OpenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Also where a setting of the server's own made it listen elsewhere, and the client of a known proxy.
        if (Context.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
            return AuthenticateResult.Fail("Without authentication the platform serves its own machine alone: set Access:Tokens or Access:OpenIdConnect.");
        if (await Sessions.IsRefusedAsync(Context))
            return AuthenticateResult.Fail("The request brings the cookie of a session, and this platform has authentication off: it was removed, send the request again without it.");
        return AuthenticateResult.Success(new AuthenticationTicket(Principals.Make(Environment.UserName, Role.Admin, SignIn.Open), Scheme.Name));
    }
}

/// <summary>Static tokens, in the header Authorization.</summary>
internal sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Tokens tokens, AccessOptions access, LocalKey local)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Schemes.BearerOf(Request) is not { } bearer)
            return AuthenticateResult.NoResult();
        if (local.Is(bearer))
            return Success(Principals.Make(Environment.UserName, Role.Admin, SignIn.Token));
        if (!access.Tokens)
            return AuthenticateResult.Fail("This platform takes no static tokens.");
        return await tokens.FindAsync(bearer, Context.RequestAborted) is { } row
            ? Success(Principals.Of(row))
            : AuthenticateResult.Fail("The token is unknown, was revoked, or has run out.");
    }

    private AuthenticateResult Success(ClaimsPrincipal who) => AuthenticateResult.Success(new AuthenticationTicket(who, Scheme.Name));
}
