using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Client;

/// <summary>
/// JSON over /api/v1. What the platform refuses arrives as a <see cref="DomainException"/> with the platform's own words;
/// that it cannot answer at the moment, as a <see cref="HttpRequestException"/>.
/// </summary>
/// <param name="token">Whose the requests are; null: the platform is open, and told by each act.</param>
/// <param name="patience">For one answer; default 30 s. Files take as long as they take.</param>
internal sealed class ApiClient(Uri address, string? token = null, TimeSpan? patience = null) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);

    /// <summary>How often a platform that is asked too much is asked again.</summary>
    private const int Patient = 60;

    public Uri Address => address;

    /// <summary>By whom acts are, where the platform does not know it by the token.</summary>
    public string? Who => token is null ? Ask.Who : null;

    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) => AskAsync<T>(HttpMethod.Get, path, null, _patience, cancellation);

    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        AskAsync<T>(HttpMethod.Post, path, JsonContent.Create((token is not null && body is IHumanRequest act ? act.By(null!) : body) ?? new { }, options: DomainJson.Canonical), _patience, cancellation);

    public Task<T> DeleteAsync<T>(string path, CancellationToken cancellation) => AskAsync<T>(HttpMethod.Delete, path, null, _patience, cancellation);

    /// <summary>A question that the platform reads a whole file for.</summary>
    public Task<T> GetSlowlyAsync<T>(string path, CancellationToken cancellation) => AskAsync<T>(HttpMethod.Get, path, null, Timeout.InfiniteTimeSpan, cancellation);

    public async Task PutAsync(string path, HttpContent content, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Put, path, content, Timeout.InfiniteTimeSpan, cancellation);
        await RequireSuccessAsync(answer, cancellation);
    }

    /// <summary>A file in, JSON back.</summary>
    public Task<T> PostFileAsync<T>(string path, HttpContent content, CancellationToken cancellation) => AskAsync<T>(HttpMethod.Post, path, content, Timeout.InfiniteTimeSpan, cancellation);

    public async Task DownloadAsync(string path, string file, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, Timeout.InfiniteTimeSpan, cancellation);
        await RequireSuccessAsync(answer, cancellation);
        await using var target = File.Create(file);
        await answer.Content.CopyToAsync(target, cancellation);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, null, _patience, cancellation);
        await RequireSuccessAsync(answer, cancellation);
    }

    /// <summary>Whether a platform answers here.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await SendAsync(HttpMethod.Get, Routes.Status, null, _patience, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? content, TimeSpan limit, CancellationToken cancellation)
    {
        using var answer = await SendAsync(method, path, content, limit, cancellation);
        await RequireSuccessAsync(answer, cancellation);
        try
        {
            if (await answer.Content.ReadFromJsonAsync<T>(DomainJson.Canonical, cancellation) is { } value)
                return value;
        }
        catch (JsonException)
        {
            // Somebody else's page: said below.
        }
        throw new DomainException($"{answer.RequestMessage?.RequestUri} answered nothing that this command understands. Is it the platform's address, and the platform of this version?");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan limit, CancellationToken cancellation)
    {
        // An ingress may serve the platform below a path.
        var target = address.AbsoluteUri.TrimEnd('/') + path;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(limit);
        try
        {
            for (var tries = 1; ; tries++)
            {
                var answer = await _http.SendAsync(Request(method, target, content), waiting.Token);
                if (answer.StatusCode != HttpStatusCode.TooManyRequests || tries == Patient)
                    return answer;
                await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), waiting.Token);
                answer.Dispose();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"{target} did not answer within {limit.TotalSeconds:0} s.");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string target, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, target) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        // What is refused (a quota, a role) is so before the file is sent.
        request.Headers.ExpectContinue = method == HttpMethod.Put;
        return request;
    }

    private static async Task RequireSuccessAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
            return;
        var refusal = await RefusalAsync(answer, cancellation);
        throw answer.StatusCode switch
        {
            HttpStatusCode.NotFound => new NotFoundException(refusal),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new NotAllowedException(refusal),
            HttpStatusCode.BadRequest => new FaultyRequestException(refusal),
            >= HttpStatusCode.InternalServerError => new HttpRequestException(refusal, null, answer.StatusCode),
            _ => new DomainException(refusal),
        };
    }

    private static async Task<string> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            var problem = JsonSerializer.Deserialize<Problem>(text, DomainJson.Canonical);
            if ((problem?.Detail ?? problem?.Title) is { Length: > 0 } words)
                return words;
        }
        catch (JsonException)
        {
            // Not problem details: the status and the address say what is known.
        }
        return $"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.";
    }

    /// <summary>RFC 9457.</summary>
    private sealed record Problem(string? Title, string? Detail);

    public void Dispose() => _http.Dispose();
}

/// <summary>The platform cannot do what was asked for, whatever its state.</summary>
internal sealed class FaultyRequestException(string message) : DomainException(message);

/// <summary>The platform does not know that name.</summary>
internal sealed class NotFoundException(string message) : DomainException(message);

/// <summary>Nobody is signed in, or the one may not do this.</summary>
internal sealed class NotAllowedException(string message) : DomainException(message);
