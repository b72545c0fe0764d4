using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Notifications;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Schedules;
using VerSemi.Orchestrator.Segmentations;
using VerSemi.Orchestrator.Withdrawals;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>
/// The clock of the workflow: once a second it looks at the blob store and the database, and rings for whatever is due.
/// Where this is the only process, its first look rings for everything: what was under way died with the one before; a
/// broker of its own keeps what was sent. Each part runs
/// though another is in trouble; trouble is shown until it is over.
/// </summary>
internal sealed class Sweep(IServiceScopeFactory scopes, OrchestratorOptions options, TimeProvider time, Trouble trouble, ILogger<Sweep> log)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan PointEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private Task _loop = Task.CompletedTask;
    private bool _first = true;
    private long? _pointed;

    /// <summary>Look now.</summary>
    public void Nudge()
    {
        if (_nudge.CurrentCount == 0)
            _nudge.Release();
    }

    // Once everything has started: the bus must run before it is rung on.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    // Before anything stops: the bus must still run.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await LookAsync(_stopping.Token);
            _first = false;
            await PauseAsync();
        }
    }

    private async Task PauseAsync()
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var waits = new[] { _nudge.WaitAsync(pause.Token), Task.Delay(options.SweepInterval, time, pause.Token) };
        await Task.WhenAny(waits);
        await pause.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        await TryAsync<OrchestratorDb>("the database's clock", db => db.Clock.SetAsync(db, cancellation));
        await TryAsync<DatasetHeads>("datasets", heads => heads.ReconcileAsync(cancellation));
        await TryAsync<WithdrawalDesk>("withdrawals", desk => desk.RingAsync(cancellation));
        await TryAsync<SegmentationDesk>("segmentations", desk => desk.LookAsync(_first && options.SingleProcess, cancellation));
        await TryAsync<CycleStarter>("new cycles", starter => starter.StartAsync(cancellation));
        await TryAsync<ScheduleSweep>("schedules", schedules => schedules.LookAsync(cancellation));
        await TryAsync<DropReports>("drop reports", reports => reports.ReconcileAsync(cancellation));
        await TryAsync<Doorbell>("due work", bell => bell.RingAsync(_first && options.SingleProcess, cancellation));
        await TryAsync<CycleArchive>("ended cycles", archive => archive.KeepAsync(cancellation));
        if (_pointed is not null && time.GetElapsedTime(_pointed.Value) < PointEvery)
            return;
        await TryAsync<KeptAnswers>("kept answers", answers => answers.DeleteOldAsync(cancellation));
        await TryAsync<Production>("production.json", PointAsync);
    }

    private async Task PointAsync(Production production)
    {
        await production.PointAllAsync(_stopping.Token);
        _pointed = time.GetTimestamp();
    }

    private async Task TryAsync<T>(string part, Func<T, Task> look) where T : class
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await look(scope.ServiceProvider.GetRequiredService<T>());
            trouble.Over(part);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            if (trouble.Is(part, e.GetBaseException().Message))
                log.LogError(e, "The sweep cannot look after {Part}; it goes on trying", part);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _nudge.Dispose();
    }
}
