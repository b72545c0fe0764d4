namespace VerSemi.Domain.Messages;

/// <summary>A drop was seen and is whole. Doorbell for Ingest.</summary>
public sealed record IngestDrop(string Drop, string Fingerprint);

/// <summary>A dataset's head points to a new version. A hint: the orchestrator reconciles heads anyway.</summary>
public sealed record DatasetCommitted(string Dataset, string Version);

/// <summary>A drop was looked at to the end, whatever the outcome.</summary>
public sealed record DropIngested(string Drop, string Fingerprint, string Outcome);
