using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Orchestrator.Metrics;

/// <summary>
/// What happened, counted from the rows that tell of it: a thing that is written twice or by nobody is counted twice or not
/// at all, as it is in the database. Each replica counts what it wrote: sum them.
/// </summary>
internal static class EventMetrics
{
    /// <summary>In the place of an outcome: the lease ran out.</summary>
    private const string Expired = "Expired";

    private static readonly Counter<long> Verdicts = Counter("versemi.verdicts", "{verdict}", "Candidates that were judged, by what the policy said");
    private static readonly Counter<long> Promotions = Counter("versemi.promotions", "{promotion}", "Rows of the ledger, by their kind");
    private static readonly Counter<long> CyclesEnded = Counter("versemi.cycles.ended", "{cycle}", "Cycles that reached a final state");
    private static readonly Counter<long> Attempts = Counter("versemi.attempts", "{attempt}", "Leases of runs that ended, by how");
    private static readonly Counter<long> LeasesGranted = Counter("versemi.leases.granted", "{lease}", "Leases of runs that a worker got");
    private static readonly Counter<long> LeasesLost = Counter("versemi.leases.lost", "{lease}", "Leases of runs that ran out: their workers were not heard of any more");
    private static readonly Counter<long> Firings = Counter("versemi.schedule.firings", "{firing}", "Times that a schedule, or new data, started a cycle");
    private static readonly Counter<long> Skips = Counter("versemi.schedule.skips", "{firing}", "Times that a schedule, or new data, started none, by reason");
    private static readonly Histogram<double> Steps = Telemetry.Meter.CreateHistogram<double>("versemi.step.duration", "s", "Time that a step of a cycle took");

    /// <summary>What the next SaveChanges tells of, to be counted once it has succeeded.</summary>
    public static List<Action> Of(ChangeTracker changes)
    {
        var events = new List<Action>();
        foreach (var entry in changes.Entries())
            if (entry is { State: EntityState.Added or EntityState.Modified } && EventOf(entry) is { } count)
                events.Add(count);
        return events;
    }

    public static void Skipped(string schedule, string line, string word) => Skips.Add(1, Tag("schedule", schedule), Tag("line", line), Tag("reason", word));

    public static void StepTook(string step, TimeSpan time, bool failed) => Steps.Record(time.TotalSeconds, Tag("step", step), Tag("outcome", failed ? "failed" : "done"));

    /// <summary>What happens rarely is there from the start with 0, so that its first time can be seen as a change.</summary>
    public static void Start(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            foreach (var decision in Enum.GetNames<Decision>())
                Verdicts.Add(0, Tag("line", line), Tag("verdict", decision));
            foreach (var kind in new[] { "promotion", "rollback", "manual", "import" })
                Promotions.Add(0, Tag("line", line), Tag("kind", kind));
            foreach (var state in CycleStates.Final)
                CyclesEnded.Add(0, Tag("line", line), Tag("state", state));
            foreach (var word in FiringWords.SkipsOfData)
                Skips.Add(0, Tag("schedule", Schedules.DataTrigger.Name), Tag("line", line), Tag("reason", word));
            Firings.Add(0, Tag("schedule", Schedules.DataTrigger.Name), Tag("line", line));
        }
        foreach (var work in Enum.GetNames<WorkKind>())
        {
            LeasesGranted.Add(0, Tag("work", work));
            LeasesLost.Add(0, Tag("work", work));
            foreach (var outcome in Enum.GetNames<WorkOutcome>().Append(Expired))
                Attempts.Add(0, Tag("work", work), Tag("outcome", outcome));
        }
    }

    private static Action? EventOf(EntityEntry entry) => entry switch
    {
        { State: EntityState.Added, Entity: FiringRow { Fired: true } row } => () => Firings.Add(1, Tag("schedule", row.Schedule), Tag("line", row.Line)),
        { State: EntityState.Added, Entity: FiringRow row } => () => Skipped(row.Schedule, row.Line, row.Word),
        { State: EntityState.Added, Entity: LedgerRow row } => () => Promotions.Add(1, Tag("line", row.Line), Tag("kind", row.Kind)),
        { State: EntityState.Added, Entity: AttemptRow { EndedAt: null } row } => () => LeasesGranted.Add(1, Tag("work", row.Work.ToString())),
        { State: EntityState.Modified, Entity: AttemptRow { EndedAt: not null } row } when entry.Property(nameof(AttemptRow.EndedAt)).IsModified => () => Ended(row),
        { State: EntityState.Modified, Entity: Cycle cycle } when entry.OriginalValues[nameof(Cycle.State)] is string before && before != cycle.State => () => Moved(cycle, before, cycle.State),
        _ => null,
    };

    private static void Ended(AttemptRow row)
    {
        Attempts.Add(1, Tag("work", row.Work.ToString()), Tag("outcome", row.Outcome));
        if (row.Outcome == Expired)
            LeasesLost.Add(1, Tag("work", row.Work.ToString()));
    }

    private static void Moved(Cycle cycle, string from, string to)
    {
        if (from == CycleStates.Judging && cycle.Judgement is { } judgement)
            Verdicts.Add(1, Tag("line", cycle.Line), Tag("verdict", judgement.Decision.ToString()));
        if (CycleStates.IsFinal(to))
            CyclesEnded.Add(1, Tag("line", cycle.Line), Tag("state", to));
    }

    private static Counter<long> Counter(string name, string unit, string description) => Telemetry.Meter.CreateCounter<long>(name, unit, description);

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);
}
