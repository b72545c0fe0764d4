using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Metrics;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Workflow.Steps;

/// <summary>
/// The work of a state: reads and writes blobs outside the saga's transaction, and answers with an event. It may run
/// twice, also at the same time: whatever it writes is a function of the cycle's row.
/// </summary>
internal abstract class CycleStep<TCommand>(OrchestratorDb db, IMessageBus bus) : IMessageHandler<TCommand> where TCommand : class, ICycleMessage
{
    private static readonly TimeSpan LongestWork = TimeSpan.FromMinutes(2);

    protected OrchestratorDb Db => db;

    /// <summary>Does the work and sends the event.</summary>
    protected abstract Task WorkAsync(Cycle cycle, CancellationToken cancellation);

    public async Task HandleAsync(TCommand message, CancellationToken cancellation)
    {
        var cycle = await db.Cycles.AsNoTracking().FirstOrDefaultAsync(row => row.Id == message.Cycle, cancellation);
        if (cycle?.Awaits != typeof(TCommand).Name)
            return;
        using var activity = Telemetry.Source.StartActivity(typeof(TCommand).Name)?.SetTag("versemi.cycle", cycle.Id);
        await PutOffAsync(cycle, cancellation);
        var (begun, failed) = (Stopwatch.GetTimestamp(), false);
        try
        {
            await WorkAsync(cycle, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            failed = true;
            // Not lost: the cycle's timeline has it, and the cycle decides whether to try again.
            await AnswerAsync(new CycleStepFailed(cycle.Id, typeof(TCommand).Name, e.GetBaseException().Message, Lasting: e is DomainException), cancellation);
        }
        finally
        {
            EventMetrics.StepTook(typeof(TCommand).Name, Stopwatch.GetElapsedTime(begun), failed);
        }
    }

    /// <summary>It is being worked at: the message that says so is not lost with a process, the broker hands it out again.</summary>
    private async Task PutOffAsync(Cycle cycle, CancellationToken cancellation)
    {
        var later = db.Clock.Now + LongestWork;
        await db.Cycles.Where(row => row.Id == cycle.Id && row.Version == cycle.Version).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, later), cancellation);
    }

    protected Task SendAsync<T>(string queue, T message, CancellationToken cancellation) where T : class => bus.SendAsync(queue, message, cancellation);

    protected Task AnswerAsync<T>(T message, CancellationToken cancellation) where T : class, ICycleMessage =>
        bus.SendAsync(WorkflowQueues.Cycles, message, cancellation);
}
