using System.Diagnostics;
using System.Threading.Channels;

namespace VerSemi.GpuTrainer.Data;

/// <summary>
/// Batches in the order of their steps, prepared on other threads ahead of the step: the bounded channel holds batches
/// in preparation, so the order is that of the steps however the threads run.
/// </summary>
public sealed class BatchStream : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Channel<Task<PatchBatch>> _ahead;
    private readonly Stopwatch _waiting = new();

    /// <param name="prepare">The batch of a step.</param>
    /// <param name="ahead">Batches prepared at once and kept ready, at least 1.</param>
    public BatchStream(Func<int, CancellationToken, Task<PatchBatch>> prepare, int first, int end, int ahead, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ahead = Channel.CreateBounded<Task<PatchBatch>>(Math.Max(1, ahead));
        _ = FillAsync(prepare, first, end, _stop.Token);
    }

    /// <summary>How long <see cref="Next"/> has waited in all.</summary>
    public TimeSpan Waiting => _waiting.Elapsed;

    /// <summary>The next step's batch; blocks until it is ready. Throws what its preparation threw.</summary>
    public PatchBatch Next()
    {
        _waiting.Start();
        try
        {
            return NextAsync().GetAwaiter().GetResult();
        }
        finally
        {
            _waiting.Stop();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task<PatchBatch> NextAsync() => await await _ahead.Reader.ReadAsync(_stop.Token);

    private async Task FillAsync(Func<int, CancellationToken, Task<PatchBatch>> prepare, int first, int end, CancellationToken cancellation)
    {
        try
        {
            for (var step = first; step < end; step++)
            {
                if (!await _ahead.Writer.WaitToWriteAsync(cancellation))
                    return;
                var current = step;
                await _ahead.Writer.WriteAsync(Task.Run(() => prepare(current, cancellation), cancellation), cancellation);
            }
            _ahead.Writer.Complete();
        }
        catch (OperationCanceledException)
        {
            _ahead.Writer.TryComplete();
        }
    }
}
