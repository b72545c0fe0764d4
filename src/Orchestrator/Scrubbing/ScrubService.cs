using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Scrubbing;

/// <summary>Verifies all stored content on request and by schedule; of several replicas one at a time does, and an interrupted verification is continued.</summary>
internal sealed class ScrubService(IBlobStore blobs, OrchestratorOptions options, TimeProvider time, ILogger<ScrubService> log) : BackgroundService
{
    private const string Lease = "scrub";
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(1);

    /// <summary>Where none has ever finished: a process that only answers a question is gone before.</summary>
    private static readonly TimeSpan FirstAfter = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _requested = new(0, 1);
    private readonly long _began = time.GetTimestamp();

    /// <summary>As of the last check; what metrics show.</summary>
    public ScrubView Latest { get; private set; } = new(null, null);

    public async Task<ScrubView> ReadAsync(CancellationToken cancellation) => Latest = new ScrubView(
        (await blobs.InspectJsonAsync<ScrubRecord>(BlobLayout.ScrubProgress, DomainJson.Readable, cancellation)).Value,
        (await blobs.InspectJsonAsync<ScrubRecord>(BlobLayout.ScrubReport, DomainJson.Readable, cancellation)).Value);

    /// <summary>Begins one, or continues the interrupted one; where one is running, that one is meant.</summary>
    /// <exception cref="ConflictException">One is running that was not to be continued.</exception>
    public async Task<ScrubView> RequestAsync(StartScrub request, CancellationToken cancellation)
    {
        if (request.MostMiBPerSecond is { } asked && !ScrubOptions.IsRate(asked))
            throw new DomainException($"mostMiBPerSecond is {asked}: above 0 to 100000 is possible.");
        if (await TryPrepareAsync(request, cancellation) && _requested.CurrentCount == 0)
            _requested.Release();
        return await ReadAsync(cancellation);
    }

    /// <returns>False where one is running.</returns>
    private async Task<bool> TryPrepareAsync(StartScrub request, CancellationToken cancellation)
    {
        await using var alone = await blobs.TryLeaseAsync(Lease, cancellation);
        if (alone is null)
            return !request.Restart ? false : throw new ConflictException("A verification is running. Wait for its end, or leave restart out to follow it.");
        var interrupted = (await ReadAsync(cancellation)).Running;
        var rate = request.MostMiBPerSecond ?? options.Scrub.MostMiBPerSecond;
        var record = interrupted is null || request.Restart ? Fresh(rate) : interrupted with { MostMiBPerSecond = rate };
        await blobs.WriteJsonAsync(BlobLayout.ScrubProgress, record, DomainJson.Readable, cancellation: cancellation);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                var view = await ReadAsync(stoppingToken);
                if (await WaitAsync(stoppingToken) || IsDue(view))
                    await RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "The verification of stored content was interrupted and is continued within {Minutes} minutes: {Reason}", CheckEvery.TotalMinutes, e.Message);
                await Task.Delay(CheckEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // The process stops; the record says where to go on.
            }
    }

    /// <returns>True on a request, false when it is time to check the schedule.</returns>
    private async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (request, tick) = (_requested.WaitAsync(pause.Token), Task.Delay(CheckEvery, time, pause.Token));
        await Task.WhenAny(request, tick);
        await pause.CancelAsync();
        await Task.WhenAll(request, tick).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return request.IsCompletedSuccessfully;
    }

    private bool IsDue(ScrubView view) =>
        view.Running is not null
        || (options.Scrub.Every is { } every && (view.Last?.FinishedAt is { } last ? time.GetUtcNow() - last >= every : time.GetElapsedTime(_began) >= FirstAfter));

    private async Task RunAsync(CancellationToken cancellation)
    {
        await using var alone = await blobs.TryLeaseAsync(Lease, cancellation);
        if (alone is null)
            return;
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellation, alone.Lost);
        var record = await new Scrubber(blobs, time).RunAsync((await ReadAsync(held.Token)).Running ?? Fresh(options.Scrub.MostMiBPerSecond), held.Token);
        if (record.Damaged > 0)
            log.LogError("Stored content is damaged: {Damaged} of {Blobs} blobs, first {Blob}. `versemi scrub` and `versemi doctor` show them.", record.Damaged, record.Blobs, record.Findings[0].Blob);
        else
            log.LogInformation("All stored content is whole: {Blobs} blobs, {MiB} MiB.", record.Blobs, record.Bytes >> 20);
        await ReadAsync(cancellation);
    }

    private ScrubRecord Fresh(double rate) => new(time.GetUtcNow(), null, rate, "", 0, 0, 0, []);

    public override void Dispose()
    {
        _requested.Dispose();
        base.Dispose();
    }
}
