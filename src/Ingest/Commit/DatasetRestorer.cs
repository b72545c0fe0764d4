using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Commit;

/// <summary>At start all datasets, then every minute some of them in turn: writes damaged heads and manifests again from the commits.</summary>
internal sealed class DatasetRestorer(IBlobStore store, DatasetFiles files, TimeProvider time, ILogger<DatasetRestorer> log) : BackgroundService
{
    private const int AtATime = 20;

    private readonly Rotation _rotation = new(time);

    /// <summary>One pass. A dataset that cannot be restored does not keep the others from it.</summary>
    public async Task RestoreAsync(IEnumerable<string> datasets, CancellationToken cancellation)
    {
        foreach (var dataset in datasets)
            try
            {
                await files.RestoreAsync(dataset, cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError("The control files of dataset {Dataset} could not be restored, the next pass tries again: {Reason}", dataset, e.Message);
            }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        var first = true;
        do
            try
            {
                var all = await store.ListFoldersAsync(BlobLayout.Datasets, stoppingToken);
                await RestoreAsync(first ? all : _rotation.Next([.. all], AtATime), stoppingToken);
                first = false;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError("Datasets could not be listed, the next minute tries again: {Reason}", e.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
