using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Access;

/// <summary>
/// What a web page elsewhere could do to somebody's browser is refused before it is asked who comes: another host's name
/// for this address (DNS rebinding), acts and WebSockets of another site (CSRF, WebSocket hijacking), a token in an address.
/// </summary>
internal sealed class Guards(AccessOptions options)
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];
    private static readonly string[] Secrets = ["access_token", "token", "id_token", "bearer", "api_key", "apikey", "authorization"];

    private readonly IList<StringSegment> _hosts = [.. Loopback.Concat(options.Hosts).Select(host => new StringSegment(host))];

    /// <summary>By name; the port is whatever it is reached at.</summary>
    public async Task CheckAddressAsync(HttpContext context, RequestDelegate next)
    {
        if (IsProbe(context))
            await next(context);
        else if (!context.Request.Host.HasValue || !HostString.MatchesAny(new StringSegment(context.Request.Host.Host), _hosts))
            await ProblemKind.ForeignHost.Answer($"This platform is not reached as '{context.Request.Host.Host}'. An administrator lists the names it goes by in Access:Hosts.").ExecuteAsync(context);
        else if (context.Request.Query.Keys.FirstOrDefault(key => Secrets.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } secret)
            await ProblemKind.TokenInAddress.Answer($"'{secret}' stands in the address, and addresses are kept in logs and histories. Send a token in the header 'Authorization: Bearer …', and revoke this one.").ExecuteAsync(context);
        else
            await next(context);
    }

    /// <summary>Programs send neither header. A browser sends them with every act, and no page can forge them.</summary>
    public static async Task CheckOriginAsync(HttpContext context, RequestDelegate next)
    {
        if (IsProbe(context) || !IsForeign(context.Request))
            await next(context);
        else
            await ProblemKind.CrossSite.Answer($"Another site's page ({(context.Request.Headers.Origin is [{ Length: > 0 } origin] ? origin : "unknown")}) asked for this: only the platform's own pages and programs may.").ExecuteAsync(context);
    }

    private static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        // Another port of this machine is the same site, and still another's.
        var isForeignSite = site is not ("" or "same-origin" or "none");
        var isRead = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Headers.ContainsKey(HeaderNames.Upgrade);
        if (isRead)
            return isForeignSite && request.Path.StartsWithSegments(Routes.Root) && request.Headers["Sec-Fetch-Mode"] != "navigate";
        return isForeignSite || (request.Headers.Origin.Count > 0 && !IsOwn(request));
    }

    private static bool IsOwn(HttpRequest request) =>
        request.Headers.Origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https"
        && !(request.IsHttps && origin.Scheme == "http")
        && string.Equals(origin.IdnHost, request.Host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && (request.Host.Port is { } port ? port == origin.Port : origin.IsDefaultPort);

    /// <summary>Those come by an address, and are let through by their port alone.</summary>
    private static bool IsProbe(HttpContext context) => context.Request.Path.StartsWithSegments("/healthz");
}
