using System.Diagnostics;
using VerSemi.Cli.Hosting;
using VerSemi.Domain;

namespace VerSemi.Cli.Client;

/// <summary>The platform of a data folder: the one that runs, else one that this process hosts for as long as the session lasts.</summary>
internal sealed class LocalSession : PlatformSession
{
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TimeToComeBack = TimeSpan.FromSeconds(15);

    private readonly DataFolder _data;
    private readonly HostPlan _plan;
    private PlatformHost? _host;

    private LocalSession(DataFolder data, HostPlan plan)
    {
        _data = data;
        _plan = plan;
    }

    public override bool IsHostedHere => _host is not null;

    public static new async Task<LocalSession> OpenAsync(DataFolder data, HostPlan plan, CancellationToken cancellation)
    {
        var session = new LocalSession(data, plan);
        await session.ConnectAsync(cancellation);
        return session;
    }

    /// <summary>A restarted one is waited for; when none comes, this process takes over: what was begun goes on from the database.</summary>
    public override async Task ReconnectAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeToComeBack)
        {
            if (await TryJoinAsync(cancellation))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }
        await ConnectAsync(cancellation);
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await TryJoinAsync(cancellation) && !await TryHostAsync(cancellation))
        {
            // Its holder is just starting or stopping.
            if (clock.Elapsed > TimeToStart)
                throw new DomainException($"The data folder {_data.Path} is locked by process {_data.ReadUp()?.Pid.ToString() ?? "(unknown)"}, which does not answer. Stop that process and try again.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    /// <summary>What up.json says is only believed when somebody answers there: its process may be gone.</summary>
    private async Task<bool> TryJoinAsync(CancellationToken cancellation)
    {
        if (_data.ReadUp()?.Address is not { } address)
            return false;
        var client = new ApiClient(new Uri(address), _data.ReadKey());
        if (!await client.AnswersAsync(cancellation))
        {
            client.Dispose();
            return false;
        }
        Use(client);
        return true;
    }

    private async Task<bool> TryHostAsync(CancellationToken cancellation)
    {
        if (_data.TryLock(_plan.Command) is not { } held)
            return false;
        _host = await PlatformHost.StartAsync(held, _plan, cancellation);
        Use(new ApiClient(_host.Address, _host.Key));
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
