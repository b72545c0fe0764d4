using VerSemi.Domain.Catalogue;

namespace VerSemi.UnitTests.Ingest.Field;

/// <summary>What is right for a drop.</summary>
/// <param name="Outcome">Null: either.</param>
/// <param name="Says">Somewhere in the report, each of them: regular expressions.</param>
/// <param name="Never">Nowhere in the report.</param>
/// <param name="Labelled">Cases that were taken with a label.</param>
/// <param name="Unlabelled">Cases that were taken without one.</param>
/// <param name="Quarantined">Cases that were left out.</param>
internal sealed record Expected(
    IngestOutcome? Outcome, string[]? Says = null, string? Never = null, int? Labelled = null, int? Unlabelled = null, int? Quarantined = null)
{
    /// <summary>The drop's folder below what make.py made; null: all of it is one drop.</summary>
    public string? Drop { get; init; }

    public string? Modality { get; init; }

    public static Expected Refused(params string[] says) => new(IngestOutcome.Refused, says);

    public static Expected Taken(int labelled, params string[] says) => new(IngestOutcome.Committed, says, Labelled: labelled, Unlabelled: 0);

    /// <summary>Some of the cases.</summary>
    public static Expected Some(int labelled, int quarantined, params string[] says) => new(IngestOutcome.Committed, says, Labelled: labelled, Quarantined: quarantined);

    /// <summary>Whether it is taken or refused, with a reason that says this.</summary>
    public static Expected TakenOrSays(string says) => new(null, [$"\\A(?!.*(Quarantined|Refusal):)|{says}"]);
}
