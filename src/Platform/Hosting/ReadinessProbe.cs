using System.Net;

namespace VerSemi.Platform.Hosting;

/// <summary>
/// A service's program, called with --probe and the settings of the running one, asks that one whether it is ready: the
/// health check of an image that has no shell and no curl.
/// </summary>
internal static class ReadinessProbe
{
    public const string Argument = "--probe";

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    /// <returns>0 ready, 1 not.</returns>
    public static async Task<int> RunAsync(ServiceOptions options, TextWriter output)
    {
        if (options.Management is not { } management)
        {
            await output.WriteLineAsync("Service:ManagementUrl is empty: set it as for the running service, e.g. http://127.0.0.1:8081.");
            return 1;
        }
        var (ready, said) = await AskAsync(new Uri(Reachable(management), ManagementServer.ReadyPath));
        await output.WriteLineAsync($"{(ready ? "ready" : "not ready")}: {said}");
        return ready ? 0 : 1;
    }

    /// <summary>What listens on all addresses is asked on the loopback one.</summary>
    internal static Uri Reachable(Uri management) => IPAddress.TryParse(management.Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        ? new UriBuilder(management) { Host = address.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]" }.Uri
        : management;

    private static async Task<(bool Ready, string Said)> AskAsync(Uri address)
    {
        // Never by way of the proxy for the world outside.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = AnswersWithin };
        try
        {
            using var answer = await http.GetAsync(address);
            return (answer.IsSuccessStatusCode, $"{address} answers {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        catch (HttpRequestException e)
        {
            return (false, $"nobody answers at {address} ({e.Message})");
        }
        catch (TaskCanceledException)
        {
            return (false, $"{address} did not answer within {AnswersWithin.TotalSeconds:0} s");
        }
    }
}
