using System.Diagnostics;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Client;

/// <summary>A platform that serves an address, or several: replicas of which the first that answers is asked.</summary>
internal sealed class RemoteSession(IReadOnlyList<Uri> servers) : PlatformSession
{
    private static readonly TimeSpan TimeToComeBack = TimeSpan.FromMinutes(5);

    public override bool IsHostedHere => false;

    /// <summary>An address where nothing answers is rather a wrong one than one to wait for.</summary>
    public static async Task<RemoteSession> OpenAsync(IReadOnlyList<Uri> servers, CancellationToken cancellation)
    {
        var session = new RemoteSession(servers);
        return await session.TryConnectAsync(cancellation) is { } problem ? throw new DomainException(problem) : session;
    }

    /// <summary>Through a restart of the platform, or of what it stands on.</summary>
    public override async Task ReconnectAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (await TryConnectAsync(cancellation) is { } problem)
        {
            if (clock.Elapsed > TimeToComeBack)
                throw new DomainException($"{problem} It was waited for during {TimeToComeBack.TotalMinutes:0} minutes. What was begun goes on without this command.");
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
        }
    }

    /// <returns>Why none could be used; null where one is.</returns>
    private async Task<string?> TryConnectAsync(CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var server in servers)
        {
            var client = new ApiClient(server, Credentials.TokenFor(server, TimeProvider.System));
            if (await ProblemOfAsync(client, cancellation) is not { } problem)
            {
                Use(client);
                return null;
            }
            client.Dispose();
            problems.Add(problem);
        }
        return string.Join(Environment.NewLine, problems);
    }

    private static async Task<string?> ProblemOfAsync(ApiClient client, CancellationToken cancellation)
    {
        try
        {
            await client.GetAsync<StatusView>(Routes.Status, cancellation);
            return null;
        }
        catch (HttpRequestException e)
        {
            return $"No platform answers at {client.Address}: {e.Message.TrimEnd('.')}. Is the address that of a running orchestrator?";
        }
        catch (NotAllowedException e)
        {
            return e.Message;
        }
        catch (DomainException e)
        {
            return $"What answers at {client.Address} is no platform: {e.Message}";
        }
    }
}
