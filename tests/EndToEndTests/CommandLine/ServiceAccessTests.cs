using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>The orchestrator as a service of its own.</summary>
public sealed class ServiceAccessTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _settings;

    public ServiceAccessTests() => _settings = new()
    {
        ["VERSEMI__BLOBS__FOLDER"] = _folder["data"],
        ["VERSEMI__ORCHESTRATOR__DATABASE__FILE"] = _folder["versemi.db"],
        ["VERSEMI__SERVICE__LOGFORMAT"] = "simple",
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_starts_nowhere_but_on_loopback_as_long_as_nobody_has_to_say_who_they_are()
    {
        await using var service = VersemiProcess.Start(["--VerSemi:Service:Url=http://0.0.0.0:5080"], _settings, "Orchestrator");
        Assert.Equal(1, await service.WaitAsync(Stop));
        Assert.Contains("Set Access:Tokens", service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_first_token_comes_from_who_has_the_database_and_probes_need_none()
    {
        _settings["VERSEMI__ACCESS__TOKENS"] = "true";
        // With the settings of the service, which may listen beyond loopback: this listens nowhere.
        await using var making = VersemiProcess.Start(["add-token", "ann", "--role", "admin", "--expires", "1h", "--VerSemi:Service:Url=http://0.0.0.0:5080"], _settings, "Orchestrator");
        Assert.True(await making.WaitAsync(Stop) == 0, making.Errors);
        var (port, management) = (FreePort(), FreePort());
        await using var service = VersemiProcess.Start(
            [$"--VerSemi:Service:Url=http://127.0.0.1:{port}", $"--VerSemi:Service:ManagementUrl=http://127.0.0.1:{management}"], _settings, "Orchestrator");
        using var http = new HttpClient();

        await Eventually.TrueAsync("ready, without a token", async () =>
            service.HasExited ? throw new InvalidOperationException(service.Output + service.Errors) : await StatusAsync($"http://127.0.0.1:{management}/healthz/ready") == HttpStatusCode.OK, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"http://127.0.0.1:{port}/api/v1/me"));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", making.Output.Trim());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"http://127.0.0.1:{port}/api/v1/me"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"http://127.0.0.1:{management}/api/v1/me"));

        async Task<HttpStatusCode?> StatusAsync(string address)
        {
            try
            {
                using var answer = await http.GetAsync(address, Stop);
                return answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
