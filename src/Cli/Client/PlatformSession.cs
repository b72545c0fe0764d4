using System.CommandLine;
using VerSemi.Cli.Hosting;

namespace VerSemi.Cli.Client;

/// <summary>The platform that a command works on: one that serves an address, or that of a data folder.</summary>
internal abstract class PlatformSession : IAsyncDisposable
{
    public ApiClient Api { get; private set; } = null!;

    /// <summary>False: another process runs the platform, and goes on when this one ends.</summary>
    public abstract bool IsHostedHere { get; }

    /// <summary>As --server, --data and the environment say.</summary>
    public static async Task<PlatformSession> OpenAsync(ParseResult parsed, HostPlan plan, CancellationToken cancellation) =>
        parsed.Servers() is { Count: > 0 } servers
            ? await RemoteSession.OpenAsync(servers, cancellation)
            : await OpenAsync(parsed.DataFolder(), plan, cancellation);

    public static async Task<PlatformSession> OpenAsync(DataFolder data, HostPlan plan, CancellationToken cancellation) =>
        await LocalSession.OpenAsync(data, plan, cancellation);

    /// <summary>The platform stopped answering: returns when <see cref="Api"/> is of one that does.</summary>
    public abstract Task ReconnectAsync(CancellationToken cancellation);

    protected void Use(ApiClient client)
    {
        Api?.Dispose();
        Api = client;
    }

    public virtual ValueTask DisposeAsync()
    {
        Api?.Dispose();
        return ValueTask.CompletedTask;
    }
}
