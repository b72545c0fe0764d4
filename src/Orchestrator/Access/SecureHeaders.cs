using System.Net;
using Microsoft.AspNetCore.Http;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Access;

/// <summary>What a browser must not do with an answer. Where an endpoint has set one of these headers itself, that stays.</summary>
internal static class SecureHeaders
{
    /// <summary>
    /// Nothing comes from elsewhere. Blazor and MudBlazor set styles on elements; NiiVue compiles WebAssembly and starts
    /// workers from blobs; WebSockets of the same origin are 'self'.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob: data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly (string Name, string Value)[] Always =
    [
        ("Content-Security-Policy", ContentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        // Not "no-referrer": a browser then says "Origin: null" of our own forms (Fetch standard, "append a request `Origin` header").
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    public static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            foreach (var (name, value) in Always)
                context.Response.Headers.TryAdd(name, value);
            if (context.Request.Path.StartsWithSegments(Routes.Root))
                context.Response.Headers.TryAdd("Cache-Control", context.Response.Headers.ETag.Count > 0 ? "private, no-cache" : "no-store");
            if (context.Request.IsHttps && !IsLoopback(context.Request))
                context.Response.Headers.TryAdd("Strict-Transport-Security", "max-age=31536000");
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>Whether the browser is on this machine, by the name that it uses.</summary>
    public static bool IsLoopback(HttpRequest request) =>
        request.Host.Host is "localhost" || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
