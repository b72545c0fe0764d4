using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Client;

/// <summary>JSON over /api/v1. What the platform refuses arrives as a <see cref="DomainException"/> with the platform's own words.</summary>
internal sealed class ApiClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public Uri Address => address;

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(path, cancellation);
        return await ReadAsync<T>(answer, cancellation);
    }

    public async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation)
    {
        using var answer = await _http.PostAsJsonAsync(path, body ?? new { }, DomainJson.Canonical, cancellation);
        return await ReadAsync<T>(answer, cancellation);
    }

    /// <summary>Whether a platform answers here.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(Routes.Status, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var refusal = await RefusalAsync(answer, cancellation);
            throw answer.StatusCode == HttpStatusCode.NotFound ? new NotFoundException(refusal) : new DomainException(refusal);
        }
        return await answer.Content.ReadFromJsonAsync<T>(DomainJson.Canonical, cancellation)
            ?? throw new DomainException($"{answer.RequestMessage?.RequestUri} answered nothing. Is the platform of another version than this command?");
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

/// <summary>The platform does not know that name.</summary>
internal sealed class NotFoundException(string message) : DomainException(message);
