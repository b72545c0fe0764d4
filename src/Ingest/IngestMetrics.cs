using System.Diagnostics.Metrics;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Ingest;

/// <summary>What became of drops and their cases. Each process counts what it did: sum them.</summary>
internal static class IngestMetrics
{
    private const string Postponed = "Postponed";

    private static readonly Counter<long> Drops = Telemetry.Meter.CreateCounter<long>("versemi.drops", "{drop}", "Drops that were looked at to the end, or put off, by outcome");
    private static readonly Counter<long> Cases = Telemetry.Meter.CreateCounter<long>("versemi.cases", "{case}", "Cases of drops, by whether they were taken");
    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>("versemi.drop.duration", "s", "Time from a drop's ring to its report");

    /// <summary>What happens rarely is there from the start with 0, so that its first time can be seen as a change.</summary>
    public static void Start()
    {
        foreach (var outcome in Enum.GetNames<IngestOutcome>().Append(Postponed))
            Drops.Add(0, Outcome(outcome));
        foreach (var outcome in new[] { "accepted", "quarantined" })
            Cases.Add(0, Outcome(outcome));
    }

    public static void Reported(IngestReport report, TimeSpan took)
    {
        var quarantined = report.Cases.Count(found => found.Quarantined is not null);
        Drops.Add(1, Outcome(report.Outcome.ToString()));
        Cases.Add(report.Cases.Count - quarantined, Outcome("accepted"));
        Cases.Add(quarantined, Outcome("quarantined"));
        Duration.Record(took.TotalSeconds, Outcome(report.Outcome.ToString()));
    }

    /// <summary>It could not be finished and is tried again.</summary>
    public static void PutOff() => Drops.Add(1, Outcome(Postponed));

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
