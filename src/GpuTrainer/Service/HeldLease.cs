using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VerSemi.Domain.Messages;
using VerSemi.GpuTrainer.Planning;
using VerSemi.Platform.Bus;

namespace VerSemi.GpuTrainer.Service;

/// <summary>
/// A lease as its worker holds it: renewed by heartbeats, and given up on the worker's own monotonic clock before it
/// can have run out.
/// </summary>
/// <param name="claimedAt"><see cref="TimeProvider.GetTimestamp"/> before the claim was sent.</param>
internal sealed class HeldLease(LeaseAnswer answer, long claimedAt, IMessageBus bus, GpuTrainerOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    // The rest of the lease is for a blob write that is under way and for the two clocks' difference in pace.
    private const double Usable = 0.8;

    private readonly CancellationTokenSource _abandon = new(RemainingSince(claimedAt, answer, time), time);
    private readonly ConcurrentQueue<string> _notes = [];
    private RunProgress _progress = new("starting", 0, 0);

    public string Run => answer.Run;
    public int Attempt => answer.Attempt;
    public LeaseAnswer Answer => answer;

    /// <summary>Cancelled when the work must stop and nothing may be written any more.</summary>
    public CancellationToken Abandon => _abandon.Token;

    /// <summary>Why the work must stop; Continue where the lease was lost by its clock, or still holds.</summary>
    public LeaseStanding Standing { get; private set; } = LeaseStanding.Continue;

    public void Report(RunProgress progress) => Volatile.Write(ref _progress, progress);

    /// <summary>For the run's timeline.</summary>
    public void Note(string text) => _notes.Enqueue(text);

    /// <summary>Heartbeats until the work has ended.</summary>
    public async Task KeepAsync(CancellationToken ended)
    {
        // Not in the attempt's trace: there may be thousands of them, and an attempt that is killed leaves no span for them to belong to.
        Activity.Current = null;
        try
        {
            while (!Abandon.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(answer.HeartbeatSeconds), time, ended);
                await BeatAsync(ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }

    /// <summary>Asks until there is an answer or the lease has run out.</summary>
    public async Task EndAsync(WorkOutcome outcome, FailureKind? failure, string? reason)
    {
        var end = new EndLease(Run, Attempt, options.Worker, answer.Work, outcome, failure, reason, Unheard(), Progress);
        // A cancelled run's abandon token is spent; its end is still worth saying once.
        do
        {
            try
            {
                var heard = await bus.AskAsync<EndLease, HeartbeatAnswer>(Queues.Leases, end, options.AnswerWithin);
                logger.LogInformation("Run {Run}, attempt {Attempt}: {Outcome} ({Standing}).", Run, Attempt, outcome, heard.Standing);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogWarning(e, "Run {Run}, attempt {Attempt}: the end of the lease was not answered.", Run, Attempt);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(1, answer.HeartbeatSeconds)), time);
            }
        }
        while (!Abandon.IsCancellationRequested);
        logger.LogWarning("Run {Run}, attempt {Attempt}: the lease has run out before its end was heard.", Run, Attempt);
    }

    public void Dispose() => _abandon.Dispose();

    private async Task BeatAsync(CancellationToken ended)
    {
        var (sent, notes) = (time.GetTimestamp(), Unheard());
        try
        {
            var beat = new Heartbeat(Run, Attempt, options.Worker, Progress, notes);
            Standing = (await bus.AskAsync<Heartbeat, HeartbeatAnswer>(Queues.Leases, beat, options.AnswerWithin, ended)).Standing;
            for (var heard = notes?.Length ?? 0; heard > 0; heard--)
                _notes.TryDequeue(out _);
        }
        catch (Exception e) when (!ended.IsCancellationRequested)
        {
            logger.LogWarning(e, "Run {Run}, attempt {Attempt}: a heartbeat was not answered.", Run, Attempt);
            return;
        }
        if (Standing == LeaseStanding.Continue)
            _abandon.CancelAfter(RemainingSince(sent, answer, time));
        else
            await _abandon.CancelAsync();
    }

    private RunProgress Progress => Volatile.Read(ref _progress) with { PeakMemoryBytes = DeviceMemory.PeakOfProcess() };

    private string[]? Unheard() => _notes.ToArray() is { Length: > 0 } notes ? notes : null;

    private static TimeSpan RemainingSince(long sent, LeaseAnswer answer, TimeProvider time)
    {
        var left = TimeSpan.FromSeconds(answer.LeaseSeconds * Usable) - time.GetElapsedTime(sent);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
