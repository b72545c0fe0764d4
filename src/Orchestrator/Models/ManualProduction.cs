using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Models;

/// <summary>What a person may do to what is in production. Each act is one more generation.</summary>
internal sealed class ManualProduction(OrchestratorDb db, Production production, ModelCheck check)
{
    public async Task<LedgerRow> PromoteAsync(string line, int version, string who, string? why, CancellationToken cancellation)
    {
        await RequireModelAsync(line, version, cancellation);
        return await PointToAsync(line, version, "manual", who, why, cancellation);
    }

    /// <param name="to">Null: the newest version before that of now that ever was in production.</param>
    public async Task<LedgerRow> RollBackAsync(string line, int? to, string who, string? why, CancellationToken cancellation)
    {
        var current = await production.CurrentAsync(line, cancellation)
            ?? throw new ConflictException($"Line '{line}' has nothing in production: there is nothing to roll back.");
        if (to is { } wanted)
            await RequireModelAsync(line, wanted, cancellation);
        var target = to ?? await db.Ledger.Where(row => row.Line == line && row.Version < current.Version).MaxAsync(row => (int?)row.Version, cancellation)
            ?? throw new ConflictException($"{line}/{current.Version} is the first model of its line: there is no earlier one to roll back to.");
        return await PointToAsync(line, target, "rollback", who, why, cancellation);
    }

    private async Task RequireModelAsync(string line, int version, CancellationToken cancellation)
    {
        if (!await db.Models.AnyAsync(model => model.Line == line && model.Version == version && model.Ready, cancellation))
            throw new UnknownNameException($"There is no model {line}/{version}. `versemi models` lists them.");
    }

    /// <summary>What was sound when it came in may be damaged since.</summary>
    private async Task RequireSoundAsync(string line, int version, CancellationToken cancellation)
    {
        try
        {
            await check.RequireSoundAsync(BlobLayout.Model(line, version), cancellation);
        }
        catch (DomainException e)
        {
            throw new ConflictException($"{line}/{version} cannot go live: {e.Message}", e);
        }
    }

    private async Task<LedgerRow> PointToAsync(string line, int version, string kind, string who, string? why, CancellationToken cancellation)
    {
        if ((await production.CurrentAsync(line, cancellation)) is { } current && current.Version == version)
            throw new ConflictException($"{line}/{version} is in production already, as generation {current.Generation}.");
        await production.RequireNewerThanStoreAsync(line, cancellation);
        await RequireSoundAsync(line, version, cancellation);
        var row = await production.AppendAsync(line, version, kind, who, why, cancellation);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (db.Ledger.AsNoTracking().Any(other => other.Line == line && other.Generation == row.Generation))
        {
            throw new ConflictException($"Line '{line}' reached generation {row.Generation} meanwhile. Look at the ledger, then decide again.", e);
        }
        await production.PointOrLogAsync(line, cancellation);
        return row;
    }
}
