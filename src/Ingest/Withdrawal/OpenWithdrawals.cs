using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>At start and every minute: goes on with withdrawals that a dead process left open.</summary>
internal sealed class OpenWithdrawals(WithdrawCasesHandler handler, TimeProvider time, ILogger<OpenWithdrawals> log) : BackgroundService
{
    /// <summary>Blobs that withdrawals have erased: their local copies must go, too.</summary>
    public static async Task<IReadOnlySet<string>> ErasedAsync(IBlobStore store, CancellationToken cancellation)
    {
        var erased = new HashSet<string>();
        await foreach (var entry in store.ListAsync(BlobLayout.Withdrawals, cancellation))
            if (await store.InspectJsonAsync<WithdrawalRecord>(entry.Path, DomainJson.Readable, cancellation) is { Value: { } record })
                erased.UnionWith(record.Erased);
        return erased;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
            try
            {
                await handler.ResumeAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "Open withdrawals could not be looked at, the next minute tries again: {Reason}", e.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
