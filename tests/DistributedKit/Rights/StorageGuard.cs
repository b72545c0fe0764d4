using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.TestKit.Servers;
using Yarp.ReverseProxy.Forwarder;

namespace VerSemi.DistributedKit.Rights;

/// <summary>
/// Azurite knows no roles: this stands before it for one service, lets through what <see cref="StorageRights"/> allow, and
/// answers all else as Azure does, with 403.
/// </summary>
public sealed class StorageGuard : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly ConcurrentQueue<string> _refused = [];
    private readonly StorageRights _rights;
    private readonly string _target;

    private StorageGuard(StorageRights rights, AzuriteServer azurite)
    {
        (_rights, _target) = (rights, $"http://127.0.0.1:{azurite.BlobPort}");
        ConnectionString = azurite.ConnectionStringTo(Port);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port}");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        _app.Map("/{**all}", PassAsync);
    }

    public int Port { get; } = TestServers.FreePort();
    public string ConnectionString { get; }

    /// <summary>"PUT models/main/1/model.json", in the order in which they came.</summary>
    public IReadOnlyList<string> Refused => [.. _refused];

    public static async Task<StorageGuard> StartAsync(StorageRights rights, AzuriteServer azurite, CancellationToken cancellation = default)
    {
        var guard = new StorageGuard(rights, azurite);
        await guard._app.StartAsync(cancellation);
        return guard;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context, IHttpForwarder forwarder)
    {
        if (!IsAllowed(context.Request, out var what))
        {
            _refused.Enqueue(what);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.Headers["x-ms-error-code"] = "AuthorizationPermissionMismatch";
            return;
        }
        // As it came: the signature is over it.
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        await forwarder.SendAsync(context, _target, _client, ForwarderRequestConfig.Empty, (_, request) =>
        {
            request.RequestUri = new Uri(_target + raw, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            request.Headers.Host = context.Request.Host.Value;
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>/account/container/path: without a path it is a listing, which is free, or a change of the container, which is not.</summary>
    private bool IsAllowed(HttpRequest request, out string what)
    {
        var path = request.Path.Value!.Split('/', 4) is [_, _, _, var blob] ? blob : "";
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        what = $"{request.Method} {path}";
        if (path.Length == 0)
            return reads;
        return reads ? _rights.MayRead(path) : _rights.MayWrite(path);
    }
}
