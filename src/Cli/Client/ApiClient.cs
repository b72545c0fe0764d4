using System.Net.Http.Json;
using System.Text.Json;
using VerSemi.Domain;

namespace VerSemi.Cli.Client;

/// <summary>JSON over /api/v1. What the platform refuses arrives as a <see cref="DomainException"/> with the platform's own words.</summary>
internal sealed class ApiClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(address, "/api/v1/"), Timeout = TimeSpan.FromSeconds(30) };

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
            using var answer = await _http.GetAsync("status", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
            throw new DomainException(await RefusalAsync(answer, cancellation));
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
