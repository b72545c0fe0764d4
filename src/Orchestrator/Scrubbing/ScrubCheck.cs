using System.Runtime.CompilerServices;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Doctor;

namespace VerSemi.Orchestrator.Scrubbing;

/// <summary>What the last verification of all stored content found, and whether it is overdue.</summary>
internal sealed class ScrubCheck(ScrubService scrubs, OrchestratorOptions options, TimeProvider time) : ICheck
{
    private const int Named = 5;

    public string Name => "stored content";

    public string Mend => "See what the check of the blob store says.";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var (running, last) = await scrubs.ReadAsync(cancellation);
        if (running is not null)
            yield return Of(running, $"a verification that began at {running.StartedAt:yyyy-MM-dd HH:mm} is at '{running.After}'");
        if (last is not null)
            yield return IsOverdue(last)
                ? new Finding(Name, $"it was last verified at {last.FinishedAt:yyyy-MM-dd HH:mm}, which is more than twice Orchestrator:Scrub:Every ago", "Run: versemi scrub. Is an orchestrator always running?")
                : Of(last, $"it was verified at {last.FinishedAt:yyyy-MM-dd HH:mm}");
        else if (running is null)
            yield return new Finding(Name, "it was not verified yet; run: versemi scrub");
    }

    private Finding Of(ScrubRecord record, string when) => record.Damaged == 0
        ? new Finding(Name, $"{when}: {record.Blobs} blobs, {record.Bytes >> 20} MiB, none damaged")
        : new Finding(Name, $"{when}: {record.Damaged} of {record.Blobs} blobs are damaged or missing: {string.Join(", ", record.Findings.Take(Named).Select(found => found.Blob))}{(record.Damaged > Named ? ", …" : "")}",
            "Restore them from the store's backup or its soft delete, or drop the dataset again (docs/runbooks/damaged-content.md); then: versemi scrub.");

    private bool IsOverdue(ScrubRecord last) => options.Scrub.Every is { } every && time.GetUtcNow() - last.FinishedAt > 2 * every;
}
