using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Rebuild;

/// <summary>A database that has rows is never written over; it may only agree with the store.</summary>
internal static class RebuildDifferences
{
    private const int Named = 5;

    /// <exception cref="ConflictException">It does not.</exception>
    public static async Task RefuseAsync(OrchestratorDb db, CatalogueContents contents, CancellationToken cancellation)
    {
        var differences = new List<string>();
        differences.AddRange(Between("generation", contents.Ledger.Select(Text), (await db.Ledger.AsNoTracking().ToListAsync(cancellation)).Select(Text)));
        differences.AddRange(Between("model", contents.Models.Where(model => model.Ready).Select(Text), (await db.Models.AsNoTracking().Where(model => model.Ready).ToListAsync(cancellation)).Select(Text)));
        // Of these the database may know more: merges, and cycles that go on.
        var spaces = (await db.LabelSpaces.AsNoTracking().ToListAsync(cancellation)).Select(Text).ToHashSet();
        differences.AddRange(contents.LabelSpaces.Select(Text).Where(text => !spaces.Contains(text)).Select(text => $"label space {text} is in the store alone"));
        var cycles = (await db.Cycles.Select(cycle => cycle.Id).ToListAsync(cancellation)).ToHashSet();
        differences.AddRange(contents.Cycles.Where(cycle => !cycles.Contains(cycle.Id)).Select(cycle => $"cycle {cycle.Id} is in the store alone"));
        if (differences.Count > 0)
            throw new ConflictException(
                $"The database is not empty, and differs from the store: {string.Join("; ", differences.Take(Named))}{(differences.Count > Named ? $"; and {differences.Count - Named} more" : "")}. Nothing was written. To rebuild, move the database away first.");
    }

    private static IEnumerable<string> Between(string what, IEnumerable<string> store, IEnumerable<string> database)
    {
        var (there, here) = (store.ToHashSet(), database.ToHashSet());
        return there.Except(here).Select(text => $"{what} {text} is in the store alone").Concat(here.Except(there).Select(text => $"{what} {text} is in the database alone"));
    }

    private static string Text(LedgerRow row) => $"{row.Line} {row.Generation} ({row.Kind} of {row.Line}/{row.Version})";
    private static string Text(ModelRow row) => $"{row.Line}/{row.Version} (run {row.Run})";
    private static string Text(LabelSpaceRow row) => $"{row.Line} v{row.Version} ({row.Hash[..12]})";
}
