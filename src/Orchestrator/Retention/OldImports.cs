using System.Runtime.CompilerServices;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Retention;

/// <summary>Files on their way into a line that have arrived, or never will.</summary>
internal sealed class OldImports(IBlobStore blobs, OrchestratorOptions options, IDatabaseClock clock)
{
    public async IAsyncEnumerable<Garbage> FindAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var import in (await blobs.ListFoldersAsync(BlobLayout.Imports, cancellation)).Where(PathSegment.Is))
        {
            var newest = DateTimeOffset.MinValue;
            await foreach (var blob in blobs.ListAsync(BlobLayout.Import(import), cancellation))
                newest = blob.Modified > newest ? blob.Modified : newest;
            if (newest > DateTimeOffset.MinValue && clock.Now - newest >= options.Retention.Imports)
                yield return new Garbage(BlobLayout.Import(import), $"laid down on {newest:yyyy-MM-dd}, kept for {options.Retention.Imports.TotalDays:0.#} days");
        }
    }
}
