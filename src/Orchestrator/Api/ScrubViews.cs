namespace VerSemi.Orchestrator.Api;

/// <param name="Restart">Begin at the first blob, also where an earlier verification was interrupted.</param>
/// <param name="MostMiBPerSecond">How fast it reads, above 0 to 100,000; null: as Orchestrator:Scrub:MostMiBPerSecond says.</param>
public sealed record StartScrub(bool Restart = false, double? MostMiBPerSecond = null);

/// <summary>Verifications of all stored content.</summary>
/// <param name="Running">The one that runs or was interrupted; null where there is none.</param>
/// <param name="Last">The last that finished; null before the first.</param>
public sealed record ScrubView(ScrubRecord? Running, ScrubRecord? Last);

/// <summary>One verification of all stored content: how far it is, and what it found.</summary>
/// <param name="After">Path of the last blob that was verified: it goes on behind it.</param>
/// <param name="Damaged">Blobs that are damaged or missing.</param>
/// <param name="Findings">The first of them.</param>
public sealed record ScrubRecord(
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, double MostMiBPerSecond, string After, long Blobs, long Bytes, int Damaged, IReadOnlyList<DamagedContent> Findings);

/// <param name="Blob">Path in the store.</param>
public sealed record DamagedContent(string Blob, string Fault);
