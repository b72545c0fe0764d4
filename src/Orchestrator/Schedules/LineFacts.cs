using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>What triggers and schedules need to know of a line.</summary>
internal sealed class LineFacts(OrchestratorDb db, OrchestratorOptions options)
{
    public TriggerPolicy PolicyOf(string line) => options.Lines.TryGetValue(line, out var settings) ? settings.Trigger : throw new UnknownNameException(
        $"There is no line '{line}'. There is: {string.Join(", ", options.Lines.Keys)}.");

    /// <summary>The active cycle and its state, for people; null where the last one is over.</summary>
    public static string? Active(LastCycle? last) => last is { IsActive: true } ? $"cycle {last.Id} is {last.State}" : null;

    public async Task<LineActivity> ActivityAsync(string line, LastCycle? last, CancellationToken cancellation) =>
        new(last?.CreatedAt, PolicyOf(line).MonthlyTrainerMinutes is null ? 0 : await TrainerMinutesAsync(line, cancellation));

    public async Task<string?> NothingToTrainAsync(CancellationToken cancellation)
    {
        var datasets = await db.Datasets.AsNoTracking().ToListAsync(cancellation);
        if (datasets.Any(dataset => dataset.Training > 0 && dataset.Tasks.Count > 0))
            return null;
        return datasets.Count == 0 ? "nothing to train: there is no dataset yet" : "nothing to train: no dataset has a labelled training case";
    }

    /// <summary>An attempt over the turn of the month counts from the turn on.</summary>
    private async Task<double> TrainerMinutesAsync(string line, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        var month = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var attempts = await db.Attempts.Where(attempt => attempt.EndedAt == null || attempt.EndedAt >= month)
            .Join(db.Runs.Where(run => run.Line == line), attempt => attempt.Run, run => run.Id, (attempt, _) => new { attempt.StartedAt, attempt.EndedAt })
            .ToListAsync(cancellation);
        return attempts.Sum(attempt => ((attempt.EndedAt ?? now) - (attempt.StartedAt > month ? attempt.StartedAt : month)).TotalMinutes);
    }
}
