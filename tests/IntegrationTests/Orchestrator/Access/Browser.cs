using System.Net;
using System.Text.RegularExpressions;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>Of a browser: its cookies, its headers, its way over redirections and refreshes, the forms that it sends.</summary>
internal sealed partial class Browser(Uri address) : IDisposable
{
    private readonly Uri _home = address;
    private readonly CookieContainer _cookies = new();
    private HttpClient? _http;

    private HttpClient Http => _http ??= new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies });

    public Uri At { get; private set; } = address;
    public IEnumerable<Cookie> Cookies => _cookies.GetAllCookies();

    /// <returns>The page at the end of all redirections.</returns>
    public async Task<(HttpStatusCode Status, string Page)> GoAsync(string to)
    {
        for (var hops = 0; hops < 20; hops++)
        {
            At = new Uri(At, to);
            using var request = new HttpRequestMessage(HttpMethod.Get, At) { Headers = { { "Accept", "text/html" }, { "Sec-Fetch-Mode", "navigate" } } };
            using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (answer.Headers.Location?.OriginalString is { } next || (Refresh().Match(page) is { Success: true } refresh && (next = WebUtility.HtmlDecode(refresh.Groups[1].Value)) is not null))
                to = next;
            else
                return (answer.StatusCode, page);
        }
        throw new InvalidOperationException($"{_home} leads round in circles.");
    }

    /// <summary>Sends the form of a page, as it is and with what was typed.</summary>
    public async Task<(HttpStatusCode Status, string? Location)> SubmitAsync(string address, string page, params (string Name, string Value)[] typed)
    {
        var fields = Hidden().Matches(page).Select(match => (Name: WebUtility.HtmlDecode(match.Groups[1].Value), Value: WebUtility.HtmlDecode(match.Groups[2].Value))).Concat(typed);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_home, address))
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            Headers = { { "Origin", _home.GetLeftPart(UriPartial.Authority) }, { "Sec-Fetch-Site", "same-origin" } },
        };
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString);
    }

    /// <summary>As a script of a page does.</summary>
    public async Task<HttpResponseMessage> FetchAsync(HttpMethod method, string path, string? origin = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_home, path)) { Content = content };
        request.Headers.Add("Origin", origin ?? _home.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", origin is null ? "same-origin" : "cross-site");
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _http?.Dispose();

    [GeneratedRegex("http-equiv=\"refresh\" content=\"0;url=([^\"]+)\"")]
    private static partial Regex Refresh();

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
