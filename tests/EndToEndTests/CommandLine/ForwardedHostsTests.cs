using System.Net;
using System.Net.Sockets;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>Each program that listens without authentication, behind a proxy of its machine.</summary>
public sealed class ForwardedHostsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Orchestrator", "/api/v1/me", HttpStatusCode.OK)]
    [InlineData("Orchestrator", "/", HttpStatusCode.OK)]
    [InlineData("Ingest", "/hooks/blob-created", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GpuTrainer", "/", HttpStatusCode.NotFound)]
    public async Task A_service_refuses_what_was_forwarded_and_its_probes_go_on(string service, string path, HttpStatusCode direct)
    {
        var (port, management) = (FreePort(), FreePort());
        await using var process = VersemiProcess.Start([$"--VerSemi:Service:Url=http://127.0.0.1:{port}", $"--VerSemi:Service:ManagementUrl=http://127.0.0.1:{management}"], new Dictionary<string, string>
        {
            ["VERSEMI__BLOBS__FOLDER"] = _folder["data"],
            ["VERSEMI__ORCHESTRATOR__DATABASE__FILE"] = _folder["versemi.db"],
            ["VERSEMI__INGEST__WORKFOLDER"] = _folder["work"],
            ["VERSEMI__TRAINER__SCRATCH"] = _folder["scratch"],
        }, service);
        await Eventually.TrueAsync("it lives", async () =>
            process.HasExited ? throw new InvalidOperationException(process.Output + process.Errors) : await StatusAsync($"http://127.0.0.1:{management}/healthz/live", ("Via", "1.1 mesh")) == HttpStatusCode.OK, Stop);

        // It lives before it listens: it may wait for its servers.
        await Eventually.TrueAsync("it listens", async () => await StatusAsync($"http://127.0.0.1:{port}{path}") is not null, Stop);

        Assert.Equal(direct, await StatusAsync($"http://127.0.0.1:{port}{path}"));
        foreach (var header in new[] { ("X-Forwarded-For", "203.0.113.9"), ("Via", "1.1 proxy"), ("Forwarded", "for=203.0.113.9") })
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"http://127.0.0.1:{port}{path}", header));
    }

    [Fact]
    public async Task So_does_a_platform_in_one_process()
    {
        await using var platform = await RunningPlatform.StartAsync(_folder["data"], "demo", Stop);
        foreach (var path in new[] { "/api/v1/me", "/api/v1/events", "/", "/_blazor/negotiate", "/reference" })
        {
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await StatusAsync(platform.Address.TrimEnd('/') + path, ("X-Forwarded-For", "127.0.0.1"))));
            Assert.NotEqual((path, HttpStatusCode.Forbidden), (path, await StatusAsync(platform.Address.TrimEnd('/') + path)));
        }
    }

    private static async Task<HttpStatusCode?> StatusAsync(string address, (string Name, string Value)? header = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (header is { } one)
            request.Headers.TryAddWithoutValidation(one.Name, one.Value);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
