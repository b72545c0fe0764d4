using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace VerSemi.Platform.Hosting;

/// <summary>
/// Requests that came by a proxy. A known proxy says who the client is. Without authentication, where all rights depend on
/// the client being on this machine, a proxy that is not known would make every client local: its requests are refused.
/// </summary>
public sealed class ForwardedRequests
{
    private const string Client = "X-Forwarded-For";

    /// <summary>Set by ASP.NET where it has taken the client's address from <see cref="Client"/>.</summary>
    private const string Replaced = "X-Original-For";

    private static readonly string[] Prefixes = ["X-Forwarded", "X-Original-", "X-Envoy-", "X-ProxyUser-", "CF-", "Fastly-"];
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Forwarded", "Forwarded-For", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "Client-IP", "X-Remote-IP", "X-Remote-Addr", "X-Originating-IP",
        "X-Azure-ClientIP", "X-Azure-SocketIP", "X-AppEngine-User-IP", "X-Amz-Cf-Id", "X-ARR-LOG-ID", "CDN-Loop", "Proxy-Connection", "X-Proxy-Id",
    };

    private readonly bool _isOpen;
    private readonly Func<HttpContext, string, Task> _refuse;
    private readonly List<IPNetwork> _proxies;

    private ForwardedRequests(bool isOpen, IEnumerable<string> proxies, Func<HttpContext, string, Task> refuse)
    {
        _isOpen = isOpen;
        _refuse = refuse;
        _proxies = [.. proxies.Select(Network).OfType<IPNetwork>()];
    }

    /// <summary>The first call counts: a service that answers in its own way comes before its host.</summary>
    /// <param name="app">Guarded before everything that is added later, whatever kind of endpoint it is.</param>
    /// <param name="isOpen">Callers are not authenticated.</param>
    /// <param name="proxies">Addresses, or networks as 10.0.0.0/8. None: no proxy is known.</param>
    /// <param name="refuse">Answers with 403 and the given reason.</param>
    public static void UseOn(WebApplication app, bool isOpen, IEnumerable<string> proxies, Func<HttpContext, string, Task> refuse)
    {
        var properties = ((IApplicationBuilder)app).Properties;
        if (!properties.TryAdd(typeof(ForwardedRequests).FullName!, true))
            return;
        var forwarded = new ForwardedRequests(isOpen, proxies, refuse);
        app.Use(forwarded.CheckProxyAsync);
        app.UseForwardedHeaders(forwarded.Options());
        app.Use(forwarded.CheckClientAsync);
    }

    private ForwardedHeadersOptions Options()
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = _proxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None,
            // As long as the next address is a known proxy's: of a chain of proxies, the client is behind all of them.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in _proxies)
            options.KnownIPNetworks.Add(proxy);
        return options;
    }

    /// <summary>What a client writes into <see cref="Replaced"/> itself is not to be taken for ASP.NET's.</summary>
    private async Task CheckProxyAsync(HttpContext context, RequestDelegate next)
    {
        if (!_isOpen || SignOf(context.Request) is not { } sign)
        {
            await next(context);
            return;
        }
        // ASP.NET takes the proxy's own address for the client's where it only says by which protocol the client came.
        if (_proxies.Count == 0 || !NamesClient(context.Request))
        {
            await RefuseAsync(context, sign);
            return;
        }
        context.Items[this] = sign;
        context.Request.Headers.Remove(Replaced);
        await next(context);
    }

    private async Task CheckClientAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Items[this] is string sign && !IsClientKnown(context))
            await RefuseAsync(context, sign);
        else
            await next(context);
    }

    private static bool NamesClient(HttpRequest request) =>
        request.Headers[Client] is { Count: > 0 } clients && clients.All(line => line!.Split(',').All(client => !string.IsNullOrWhiteSpace(client)));

    /// <summary>Not where the sender is no known proxy, did not name its client, or where a chain of proxies breaks off at something that is no address.</summary>
    private bool IsClientKnown(HttpContext context) => context.Request.Headers.ContainsKey(Replaced)
        && !(context.Request.Headers.ContainsKey(Client) && context.Connection.RemoteIpAddress is { } last && IsProxy(last));

    private bool IsProxy(IPAddress address) => _proxies.Any(proxy => proxy.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    /// <summary>A header that only a proxy sends, or HTTP/1.0, which nginx speaks where it is not told otherwise; null: the request came directly.</summary>
    private static string? SignOf(HttpRequest request) =>
        request.Headers.Keys.FirstOrDefault(name => Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        ?? (HttpProtocol.IsHttp10(request.Protocol) ? request.Protocol : null);

    private Task RefuseAsync(HttpContext context, string sign) => _refuse(context,
        $"This request came by a proxy ({sign}), and without authentication the platform serves its own machine alone. Set Access:Tokens or Access:OpenIdConnect, "
        + "or name the proxy in Access:Proxies: then its X-Forwarded-For says whether the client is on this machine.");

    private static IPNetwork? Network(string text) => IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
}
