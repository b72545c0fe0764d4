using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>What a web page elsewhere could try by somebody's browser, on an open platform: there it is all that protects it.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("evil.example:5080", HttpStatusCode.BadRequest)]
    [InlineData("10.0.0.5", HttpStatusCode.BadRequest)]
    [InlineData("localhost:5080", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:5080", HttpStatusCode.OK)]
    [InlineData("versemi.example.org", HttpStatusCode.OK)]
    public async Task Only_a_name_of_the_platform_reaches_it(string host, HttpStatusCode expected)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => options.Hosts.Add("versemi.example.org") });
        Assert.Equal(expected, await SendAsync(platform, HttpMethod.Get, Routes.Status, ("Host", host)));
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:3000", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "own", HttpStatusCode.NoContent)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.NoContent)]
    [InlineData("User-Agent", "a program", HttpStatusCode.NoContent)]
    public async Task No_page_of_another_site_can_act(string header, string value, HttpStatusCode expected)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var own = platform.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.Equal(expected, await SendAsync(platform, HttpMethod.Put, Routes.DropFile("liver", "dataset.json"), (header, value == "own" ? own : value)));
        Assert.Equal(expected == HttpStatusCode.NoContent, File.Exists(_folder["data/incoming/liver/dataset.json"]));
    }

    [Fact]
    public async Task Nor_read_the_API_nor_open_a_WebSocket()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new()
        {
            Trainer = false,
            Map = app =>
        {
            app.UseWebSockets();
            app.Map("/_blazor", async context => (await context.WebSockets.AcceptWebSocketAsync()).Dispose());
        }
        });
        var own = platform.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(platform, HttpMethod.Get, Routes.Status, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")));
        await ConnectAsync(own);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync("http://evil.example"));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);

        async Task ConnectAsync(string origin)
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", origin);
            await socket.ConnectAsync(new UriBuilder(platform.Http.BaseAddress!) { Scheme = "ws", Path = "/_blazor" }.Uri, Stop);
        }
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("Token")]
    public async Task A_token_in_an_address_is_refused_also_where_it_is_a_good_one(string name)
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var answer = await guarded.SendAsync(HttpMethod.Get, $"{Routes.Status}?{name}={guarded.TokenOf(Role.Admin)}", guarded.TokenOf(Role.Admin));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Authorization: Bearer", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_what_it_must_not_do()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Map = app => app.MapGet("/page", () => "a page") });
        using var answer = await platform.Http.GetAsync(Routes.Status, Stop);
        using var page = await platform.Http.GetAsync("/page", Stop);
        using var nowhere = await platform.Http.GetAsync("/nowhere", Stop);
        foreach (var headers in new[] { answer.Headers, page.Headers, nowhere.Headers })
        {
            Assert.Contains("frame-ancestors 'none'", Assert.Single(headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(headers.GetValues("Referrer-Policy")));
            Assert.Contains("camera=()", Assert.Single(headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
            Assert.False(headers.Contains("Server"));
        }
        Assert.True(answer.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.Null(page.Headers.CacheControl);
        Assert.DoesNotContain("http:", SecureHeaders.ContentSecurityPolicy, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> SendAsync(TestPlatform platform, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
            request.Content = new StringContent("{}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await platform.Http.SendAsync(request, Stop);
        return answer.StatusCode;
    }
}
