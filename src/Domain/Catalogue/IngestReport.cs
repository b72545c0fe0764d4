namespace VerSemi.Domain.Catalogue;

public enum IngestOutcome { Committed, Unchanged, Refused }

/// <summary>What became of a drop, case by case. Written back into the drop as JSON and Markdown.</summary>
public sealed record IngestReport
{
    public required string Drop { get; init; }
    public required string Fingerprint { get; init; }
    public required IngestOutcome Outcome { get; init; }

    /// <summary>Why the whole drop was refused.</summary>
    public string? Refusal { get; init; }
    public string? Dataset { get; init; }
    public string? Version { get; init; }
    public IReadOnlyList<CaseReport> Cases { get; init; } = [];

    /// <summary>Remarks on the drop as a whole: training only, the channel taken, likely matches among tasks, ….</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <param name="Quarantined">The reason why the case was left out; null where it was accepted.</param>
/// <param name="Role">"training", "validation", "test" or "unlabelled"; null where quarantined.</param>
/// <param name="Notes">E.g. voxels that were NaN, an empty mask.</param>
public sealed record CaseReport(string Id, string? Role, string? Quarantined, IReadOnlyList<string> Notes);

/// <summary>Content of _report/problem.json: the drop is not refused, Ingest tries again.</summary>
/// <param name="Kind">The kind of the failure.</param>
/// <param name="Failures">How often in a row this state of the drop failed in this way.</param>
public sealed record IngestProblem(string Drop, string Fingerprint, string Message, DateTimeOffset At, string Kind = "", int Failures = 1);
