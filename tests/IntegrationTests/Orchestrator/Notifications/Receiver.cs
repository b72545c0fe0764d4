using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Orchestrator.Notifications;

namespace VerSemi.IntegrationTests.Orchestrator.Notifications;

/// <summary>A webhook's receiver on a port of its own, which checks signatures by the words of the specification and not by the product's code.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public static string Secret { get; } = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("a secret of thirty-two bytes....")[..32]);

    /// <summary>What was taken, in order.</summary>
    public ConcurrentQueue<(string Id, WebhookBody Body, string Json)> Taken { get; } = new();

    public ConcurrentBag<string> Faults { get; } = [];

    /// <summary>Asked at each try with how many were before; the status that is answered.</summary>
    public Func<int, int> Answer { get; set; } = _ => 200;

    public int Tries => _tries;
    private int _tries;

    public string Url => _app.Urls.First() + "/hook";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/hook", receiver.TakeAsync);
        app.MapPost("/elsewhere", receiver.NeverAsync);
        await app.StartAsync();
        return receiver;
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var status = Answer(Interlocked.Increment(ref _tries) - 1);
        using var reader = new StreamReader(request.Body);
        var (json, id) = (await reader.ReadToEndAsync(), request.Headers["webhook-id"].ToString());
        Check(request, id, json);
        if (status == 200)
            Taken.Enqueue((id, JsonSerializer.Deserialize<WebhookBody>(json, DomainJson.Canonical)!, json));
        return status == 307 ? Results.Redirect("/elsewhere", preserveMethod: true) : Results.StatusCode(status);
    }

    private Task<IResult> NeverAsync()
    {
        Faults.Add("a redirect was followed");
        return Task.FromResult(Results.Ok());
    }

    private void Check(HttpRequest request, string id, string json)
    {
        var timestamp = request.Headers["webhook-timestamp"].ToString();
        using var hmac = new HMACSHA256(Convert.FromBase64String(Secret["whsec_".Length..]));
        var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes($"{id}.{timestamp}.{json}")));
        if (request.Headers["webhook-signature"] != expected || id.Length == 0 || id.Contains('.', StringComparison.Ordinal))
            Faults.Add($"{id}: the signature is not that of its content");
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(timestamp, System.Globalization.CultureInfo.InvariantCulture)) > 300)
            Faults.Add($"{id}: the timestamp is not now");
        if (request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
            Faults.Add($"{id}: {request.ContentType}");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
