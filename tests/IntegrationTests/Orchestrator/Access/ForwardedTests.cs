using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>A platform without authentication, behind a proxy of the same machine: every client seems to be local.</summary>
public sealed class ForwardedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Signs => new()
    {
        { "X-Forwarded-For", "203.0.113.9" }, { "X-Forwarded-For", "127.0.0.1" }, { "x-forwarded-for", "" }, { "X-Forwarded-Host", "versemi.example.org" }, { "X-Forwarded-Proto", "https" },
        { "X-Forwarded-Port", "443" }, { "X-Forwarded-Prefix", "/versemi" }, { "Forwarded", "for=203.0.113.9;proto=https" }, { "Via", "1.1 proxy" }, { "X-Real-IP", "203.0.113.9" },
        { "X-Client-IP", "203.0.113.9" }, { "True-Client-IP", "203.0.113.9" }, { "CF-Connecting-IP", "203.0.113.9" }, { "X-Original-For", "127.0.0.1:1" }, { "X-Envoy-External-Address", "203.0.113.9" },
    };

    [Theory]
    [MemberData(nameof(Signs))]
    public async Task It_refuses_what_was_forwarded(string header, string value)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        foreach (var (method, path) in new[] { (HttpMethod.Get, Routes.Me), (HttpMethod.Get, Routes.Events), (HttpMethod.Get, SignInPages.Login), (HttpMethod.Get, Routes.Access), (HttpMethod.Put, Routes.DropFile("liver", "dataset.json")) })
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await SendAsync(platform, method, path, (header, value))));
        Assert.False(File.Exists(_folder["data/incoming/liver/dataset.json"]));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(platform, HttpMethod.Get, Routes.Me));
    }

    [Fact]
    public async Task It_says_why_and_what_can_be_done()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Me) { Headers = { { "Via", "1.1 proxy" } } };
        using var answer = await platform.Http.SendAsync(request, Stop);
        var said = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains(ProblemKind.Forwarded.Type, said, StringComparison.Ordinal);
        Assert.Contains("Via", said, StringComparison.Ordinal);
        Assert.Contains("Access:Proxies", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_does_a_WebSocket_come_through()
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
        await ConnectAsync(null);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync("203.0.113.9"));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);

        async Task ConnectAsync(string? client)
        {
            using var socket = new ClientWebSocket();
            if (client is not null)
                socket.Options.SetRequestHeader("X-Forwarded-For", client);
            await socket.ConnectAsync(new UriBuilder(platform.Http.BaseAddress!) { Scheme = "ws", Path = "/_blazor" }.Uri, Stop);
        }
    }

    [Theory]
    [InlineData("1.0", "403")]
    [InlineData("1.1", "200")]
    public async Task A_proxy_that_says_nothing_of_itself_but_speaks_HTTP_1_0_as_nginx_does_is_refused(string version, string status)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, platform.Http.BaseAddress!.Port, Stop);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {Routes.Me} HTTP/{version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"), Stop);
        using var answer = new StreamReader(client.GetStream());
        Assert.Equal(status, (await answer.ReadLineAsync(Stop))!.Split(' ')[1]);
    }

    [Theory]
    [InlineData("127.0.0.1", "X-Forwarded-For: 127.0.0.1", HttpStatusCode.OK)]
    [InlineData("127.0.0.0/8", "X-Forwarded-For: ::1", HttpStatusCode.OK)]
    // The client is known now, and is not on this machine.
    [InlineData("127.0.0.1", "X-Forwarded-For: 203.0.113.9", HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1", "X-Forwarded-For: 127.0.0.1, 203.0.113.9", HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1", "X-Forwarded-For: 203.0.113.9, 127.0.0.1", HttpStatusCode.Unauthorized)]
    // It is not known.
    [InlineData("127.0.0.1", "Via: 1.1 proxy", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "Forwarded: for=203.0.113.9", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "X-Real-IP: 203.0.113.9", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "X-Forwarded-Proto: https", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "X-Forwarded-For: unknown", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "X-Forwarded-For: ", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "X-Forwarded-For: 127.0.0.1,", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "X-Forwarded-For: unknown, 127.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "X-Original-For: 127.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.0/8", "X-Forwarded-For: 127.0.0.1", HttpStatusCode.Forbidden)]
    public async Task Behind_a_known_proxy_the_clients_own_address_decides(string proxy, string header, HttpStatusCode expected)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => options.Proxies.Add(proxy) });
        Assert.Equal(expected, await SendAsync(platform, HttpMethod.Get, Routes.Me, (header.Split(": ")[0], header.Split(": ")[1])));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(platform, HttpMethod.Get, Routes.Me));
    }

    [Fact]
    public async Task The_clients_address_stands_in_the_ledger()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, options => options.Proxies.Add("127.0.0.1"));
        using var answer = await guarded.SendAsync(HttpMethod.Post, Routes.Cycles, guarded.TokenOf(Role.Operator), new { }, ("X-Forwarded-For", "203.0.113.9"));
        Assert.Equal("203.0.113.9", Assert.Single(await guarded.AuditAsync()).From);
    }

    [Fact]
    public async Task With_authentication_a_proxy_need_not_be_known()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var answer = await guarded.SendAsync(HttpMethod.Get, Routes.Me, guarded.TokenOf(Role.Viewer), null, ("X-Forwarded-For", "203.0.113.9"), ("Via", "1.1 proxy"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> SendAsync(TestPlatform platform, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get)
            request.Content = JsonContent.Create(new { });
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await platform.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        return answer.StatusCode;
    }
}
