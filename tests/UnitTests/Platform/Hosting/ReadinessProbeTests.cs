using System.Net;
using System.Text;
using VerSemi.Platform.Hosting;

namespace VerSemi.UnitTests.Platform.Hosting;

/// <summary>What `VerSemi.X --probe` says of a running service; a container's health check runs it.</summary>
public sealed class ReadinessProbeTests
{
    [Theory]
    [InlineData(200, 0, "ready: ")]
    [InlineData(503, 1, "not ready: ")]
    public async Task It_passes_on_what_the_service_says_of_itself(int status, int code, string verdict)
    {
        await using var service = Service.Answering(status, "{\"bus\":\"as it is\"}");

        var (exit, said) = await ProbeAsync(service.Url);

        Assert.Equal(code, exit);
        Assert.StartsWith($"{verdict}{service.Url}healthz/ready answers {status} ", said);
        Assert.Contains("as it is", said);
        Assert.Equal("/healthz/ready", service.Asked);
    }

    [Fact]
    public async Task A_service_that_does_not_run_is_not_ready()
    {
        var url = $"http://127.0.0.1:{Service.FreePort()}/";

        var (exit, said) = await ProbeAsync(url);

        Assert.Equal(1, exit);
        Assert.StartsWith($"not ready: nobody answers at {url}healthz/ready", said);
    }

    [Fact]
    public async Task Without_a_management_address_there_is_nothing_to_ask_and_the_setting_is_named()
    {
        var (exit, said) = await ProbeAsync("");

        Assert.Equal(1, exit);
        Assert.StartsWith("Service:ManagementUrl is empty", said);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://[::]:8081", "http://[::1]:8081/")]
    [InlineData("http://10.1.2.3:8081", "http://10.1.2.3:8081/")]
    [InlineData("http://localhost:8081", "http://localhost:8081/")]
    public void Who_listens_on_all_addresses_is_asked_on_the_loopback_one(string management, string asked) =>
        Assert.Equal(asked, ReadinessProbe.Reachable(new Uri(management)).ToString());

    private static async Task<(int ExitCode, string Said)> ProbeAsync(string management)
    {
        await using var output = new StringWriter();
        return (await ReadinessProbe.RunAsync(new ServiceOptions { ManagementUrl = management }, output), output.ToString());
    }

    /// <summary>One answer to one question.</summary>
    private sealed class Service : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _answers;

        private Service(int status, string body)
        {
            Url = $"http://127.0.0.1:{FreePort()}/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _answers = AnswerAsync(status, body);
        }

        public string Url { get; }
        public string? Asked { get; private set; }

        public static Service Answering(int status, string body) => new(status, body);

        public static int FreePort()
        {
            using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            return ((IPEndPoint)socket.LocalEndpoint).Port;
        }

        public async ValueTask DisposeAsync()
        {
            await _answers;
            _listener.Close();
        }

        private async Task AnswerAsync(int status, string body)
        {
            var context = await _listener.GetContextAsync();
            Asked = context.Request.Url!.AbsolutePath;
            context.Response.StatusCode = status;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }
}
