namespace VerSemi.Domain.Messages;

/// <summary>A drop was seen and is whole. Doorbell for Ingest.</summary>
public sealed record IngestDrop(string Drop, string Fingerprint);

/// <summary>A dataset's head points to a new version. A hint: the orchestrator reconciles heads anyway.</summary>
public sealed record DatasetCommitted(string Dataset, string Version);

/// <summary>A drop was looked at to the end, whatever the outcome.</summary>
public sealed record DropIngested(string Drop, string Fingerprint, string Outcome);

/// <summary>
/// Command on <see cref="Queues.Ingest"/>: erase a case, or all of a patient. Repeated until <see cref="CasesWithdrawn"/>
/// is heard; done twice it is the same.
/// </summary>
/// <param name="Dataset">Null for a patient in every dataset.</param>
/// <param name="Case">The case's id, or null: then <paramref name="Patient"/>.</param>
public sealed record WithdrawCases(string Withdrawal, DateTimeOffset At, string? Dataset, string? Case, string? Patient);

/// <summary>A withdrawal was carried out; what was erased stands in <see cref="BlobLayout.Withdrawal"/>.</summary>
public sealed record CasesWithdrawn(string Withdrawal);
