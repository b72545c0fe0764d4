using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Doctor;

namespace VerSemi.Orchestrator.Models;

/// <summary>Whether production.json of each line says what the ledger says, and its model's files are there.</summary>
internal sealed class ProductionCheck(OrchestratorDb db, Production production, LineRecipes recipes, IBlobStore blobs) : ICheck
{
    public string Name => "production.json";

    public string Mend => "See what the checks of database and blob store say.";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
            yield break;
        foreach (var line in recipes.Lines)
            yield return await LookAtAsync(line, cancellation);
    }

    private async Task<Finding> LookAtAsync(string line, CancellationToken cancellation)
    {
        var path = BlobLayout.Production(line);
        var row = await production.CurrentAsync(line, cancellation);
        var (there, _, damage) = await blobs.InspectJsonAsync<ProductionPointer>(path, DomainJson.Readable, cancellation);
        if (damage is not null)
            return new Finding(path, damage.Message, row is null ? "Nothing was promoted yet: delete it." : $"The orchestrator writes it again as the ledger has it ({line}/{row.Version}, generation {row.Generation}), within a minute and at its start. Where it does not: may it write models/?");
        if (row is null && there is null)
            return new Finding(path, "nothing was promoted yet");
        if (row is null || there?.Generation > row.Generation)
            return new Finding(path, $"it is at generation {there!.Generation}, the ledger at {row?.Generation ?? 0}: the database is older than the store",
                "Stop the orchestrators, then restore the newer database or run: VerSemi.Orchestrator reconcile (with an empty database: rebuild-catalogue).");
        var hasWeights = await blobs.FindAsync(BlobLayout.Model(line, row.Version) + BlobLayout.WeightsFile, cancellation) is not null;
        if (!hasWeights && (there is null || there.Generation < row.Generation))
            return new Finding(path, $"{(there is null ? "it is missing" : $"it says {line}/{there.Version} (generation {there.Generation})")}; the ledger has {line}/{row.Version} (generation {row.Generation}), whose weights are not in the store: the store is older than the database",
                "Stop the orchestrators, then restore the newer store or run: VerSemi.Orchestrator reconcile.");
        if (there is null || there.Generation < row.Generation || there.Version != row.Version)
            return new Finding(path, there is null ? $"it is missing; the ledger has {line}/{row.Version}" : $"it says {line}/{there.Version} (generation {there.Generation}), the ledger {line}/{row.Version} (generation {row.Generation})",
                "The orchestrator writes it within a minute, and at its start. Where it does not: may it write models/?");
        return !hasWeights
            ? new Finding(path, $"the weights of {line}/{row.Version} are not in the store", "Restore them from the store's backup or its soft delete, or put another version back: versemi rollback VERSION --why '…'.")
            : new Finding(path, $"{line}/{row.Version}, generation {row.Generation}, as the ledger has it");
    }
}
