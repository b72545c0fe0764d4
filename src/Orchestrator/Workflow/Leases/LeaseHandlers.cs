using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow.Leases;

internal static class LeaseAnswers
{
    /// <summary>A run's answer is a matter of milliseconds; a worker asks again.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public static LeaseAnswer Refused(string run, string why) => new(run, Granted: false, why, WorkKind.Train, 0, 0, 0);
}

/// <summary>Looks for work that is done already, outside any write, then lets the run decide.</summary>
internal sealed class ClaimHandler(OrchestratorDb db, FinishedWork finished, RunSpecifications specifications, IMessageBus bus) : IRequestHandler<ClaimLease, LeaseAnswer>
{
    public async Task<LeaseAnswer> HandleAsync(ClaimLease request, CancellationToken cancellation)
    {
        var run = await db.Runs.AsNoTracking().FirstOrDefaultAsync(row => row.Id == request.Run, cancellation);
        if (run is null)
            return LeaseAnswers.Refused(request.Run, $"There is no run '{request.Run}'.");
        var champion = await db.Cycles.Where(cycle => cycle.Id == run.Cycle).Select(cycle => cycle.Champion).FirstOrDefaultAsync(cancellation);
        var trained = await finished.TrainedAttemptAsync(run.Id, cancellation);
        var evaluated = trained is { } model && await finished.IsEvaluatedAsync(run.Id, model, run.Line, champion, cancellation);
        var dice = trained is { } attempt ? await finished.ValidationDiceAsync(run.Id, attempt, cancellation) : null;
        await TrySpecifyAsync(run.Id, cancellation);
        return await bus.AskAsync<LeaseAsked, LeaseAnswer>(
            WorkflowQueues.Runs, new LeaseAsked(run.Id, request.Worker, trained, evaluated, dice), LeaseAnswers.Patience, cancellation);
    }

    /// <summary>So that the worker finds a specification that can be read; where it cannot be written again, the worker's failure names it.</summary>
    private async Task TrySpecifyAsync(string run, CancellationToken cancellation)
    {
        try
        {
            await specifications.ReadAsync(run, cancellation);
        }
        catch (DamagedBlobException)
        {
        }
    }
}

/// <summary>Renews the lease's row, and no other: a heartbeat never meets the saga's concurrency token.</summary>
internal sealed class HeartbeatHandler(OrchestratorDb db, OrchestratorOptions options) : IRequestHandler<Heartbeat, HeartbeatAnswer>
{
    public async Task<HeartbeatAnswer> HandleAsync(Heartbeat request, CancellationToken cancellation)
    {
        var expires = db.Clock.Now + options.TimeToExpiry;
        var lease = db.Leases.Where(row => row.Run == request.Run && row.Attempt == request.Attempt && row.Worker == request.Worker);
        var renewed = await lease.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.ExpiresAt, expires).SetProperty(row => row.Progress, request.Progress), cancellation);
        if (renewed == 0)
            return new HeartbeatAnswer(LeaseStanding.Fenced);
        await WorkerNotes.KeepAsync(db, request.Run, request.Notes, cancellation);
        var cancel = await lease.AnyAsync(row => row.CancelRequested, cancellation);
        return new HeartbeatAnswer(cancel ? LeaseStanding.Cancel : LeaseStanding.Continue);
    }
}

/// <summary>Checks that what a worker says it did is there, outside any write, then lets the run decide.</summary>
internal sealed class EndHandler(OrchestratorDb db, FinishedWork finished, IMessageBus bus) : IRequestHandler<EndLease, HeartbeatAnswer>
{
    public async Task<HeartbeatAnswer> HandleAsync(EndLease request, CancellationToken cancellation)
    {
        var attempt = await db.Attempts.AsNoTracking().FirstOrDefaultAsync(row => row.Run == request.Run && row.Number == request.Attempt, cancellation);
        if (attempt is null || attempt.Worker != request.Worker || attempt.Work != request.Work)
            return new HeartbeatAnswer(LeaseStanding.Fenced);
        await WorkerNotes.KeepAsync(db, request.Run, request.Notes, cancellation);
        if (request.Progress is { } progress)
            await db.Leases.Where(row => row.Run == request.Run && row.Attempt == request.Attempt).ExecuteUpdateAsync(set => set.SetProperty(row => row.Progress, progress), cancellation);
        return request.Outcome switch
        {
            WorkOutcome.Done when request.Work == WorkKind.Train => await TrainedAsync(request, cancellation),
            WorkOutcome.Done => await EvaluatedAsync(request, cancellation),
            WorkOutcome.Failed => await TellAsync(
                new AttemptFailed(request.Run, request.Attempt, request.Failure ?? FailureKind.Code, request.Reason ?? "no reason given"), cancellation),
            _ => await TellAsync(new LeaseHandedBack(request.Run, request.Attempt, request.Outcome.ToString()), cancellation),
        };
    }

    private async Task<HeartbeatAnswer> TrainedAsync(EndLease request, CancellationToken cancellation) =>
        await finished.TrainedAttemptAsync(request.Run, cancellation) is { } trained
            ? await TellAsync(new TrainingDone(request.Run, request.Attempt, trained, await finished.ValidationDiceAsync(request.Run, trained, cancellation)), cancellation)
            : await TellAsync(Missing(request, "result.json"), cancellation);

    private async Task<HeartbeatAnswer> EvaluatedAsync(EndLease request, CancellationToken cancellation)
    {
        var cycle = await db.Runs.Where(run => run.Id == request.Run)
            .Join(db.Cycles, run => run.Cycle, cycle => cycle.Id, (_, cycle) => new { cycle.Line, cycle.Champion }).FirstAsync(cancellation);
        var trained = await finished.TrainedAttemptAsync(request.Run, cancellation);
        return trained is { } model && await finished.IsEvaluatedAsync(request.Run, model, cycle.Line, cycle.Champion, cancellation)
            ? await TellAsync(new EvaluationDone(request.Run, request.Attempt), cancellation)
            : await TellAsync(Missing(request, "evaluation reports of candidate and champion on the same cases"), cancellation);
    }

    private static AttemptFailed Missing(EndLease request, string what) =>
        new(request.Run, request.Attempt, FailureKind.Code, $"The worker said it was done, but there is no {what}.");

    private Task<HeartbeatAnswer> TellAsync<T>(T end, CancellationToken cancellation) where T : class =>
        bus.AskAsync<T, HeartbeatAnswer>(WorkflowQueues.Runs, end, LeaseAnswers.Patience, cancellation);
}
