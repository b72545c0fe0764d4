using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Notifications;

/// <summary>One delivery over HTTP, signed (Standard Webhooks, symmetric: HMAC-SHA256 of id.timestamp.body).</summary>
internal sealed class WebhookSender(WebhookOptions options, TimeProvider time) : IDisposable
{
    // A redirect would carry the body to an address that nobody configured.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <returns>Why it was not taken; null where it was.</returns>
    public async Task<string?> SendAsync(NotificationRow notification, CancellationToken cancellation)
    {
        using var atMost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        atMost.CancelAfter(options.Timeout);
        try
        {
            using var request = Request(notification);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, atMost.Token);
            return answer.IsSuccessStatusCode ? null : $"the receiver answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {options.Timeout.TotalSeconds:0.#} s";
        }
    }

    private HttpRequestMessage Request(NotificationRow notification)
    {
        // The same at every try: the receiver knows what it has. A dot would be part of the signed text's own grammar.
        var id = $"msg_{ContentHash.OfText(notification.Id)[..32]}";
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(options.Key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{notification.Body}"));
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = new StringContent(notification.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(signature)}");
        return request;
    }

    public void Dispose() => _http.Dispose();
}
