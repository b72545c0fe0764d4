using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Drills;

/// <summary>What is done to the system, and undone, by commands for /bin/sh.</summary>
/// <param name="Restore">Null where nothing is to be undone: whoever supervises the process starts another.</param>
/// <param name="Lasts">Between the end of the one and the begin of the other.</param>
/// <param name="EndsOnceNoticed">It may end earlier: when the platform has noticed it.</param>
/// <param name="Victim">The training whose worker is hit; null where a server is.</param>
internal sealed record Fault(string Inject, string? Restore, TimeSpan Lasts, bool EndsOnceNoticed = false, RunView? Victim = null);

/// <summary>A drill by name.</summary>
/// <param name="Choose">Which fault it is on the system as it is.</param>
/// <param name="Watched">What is asked beside the status, to see whether the fault is noticed.</param>
internal sealed record DrillKind(string Name, string What, TimeSpan Lasts, Func<Snapshot, FaultChoice, Fault> Choose, params string[] Watched);

/// <summary>What the operator gave.</summary>
internal sealed record FaultChoice(string Drill, string? Inject, string? Restore, TimeSpan Lasts);
