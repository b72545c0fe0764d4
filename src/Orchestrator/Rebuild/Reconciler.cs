using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Rebuild;

/// <summary>Compares every row that the store can give back with the database, and adds the changes to what the next SaveChanges writes.</summary>
internal sealed class Reconciler(OrchestratorDb db, CatalogueContents contents, CycleReconciler cycles, IBlobStore blobs)
{
    private readonly List<string> _taken = [];
    private readonly List<string> _missing = [];
    private readonly List<string> _rolledBack = [];

    /// <exception cref="ConflictException">Store and database contradict each other.</exception>
    public async Task<ReconciledCatalogue> ReconcileAsync(CancellationToken cancellation)
    {
        var ledger = await db.Ledger.ToListAsync(cancellation);
        await contents.ReadAsync(cancellation, ledger.GroupBy(row => row.Line).ToDictionary(line => line.Key, line => line.Max(row => row.Generation)));
        var news = TakeLedger(ledger);
        await TakeModelsAsync(cancellation);
        await TakeLabelSpacesAsync(cancellation);
        _taken.AddRange(await cycles.TakeAsync(contents, news, cancellation));
        await TakeWithdrawalsAsync(cancellation);
        await LeaveLostDatasetsAsync(cancellation);
        foreach (var line in ledger.GroupBy(row => row.Line).ToList())
            await RollBackAsync(line.Key, [.. line], cancellation);
        foreach (var line in ledger.Select(row => row.Line).Distinct())
            db.Note("line", line, "reconciled", $"database and store were made to agree: {_taken.Count} taken from the store, {_missing.Count} missing there");
        return new ReconciledCatalogue(_taken, _missing, _rolledBack);
    }

    private List<LedgerRow> TakeLedger(List<LedgerRow> ledger)
    {
        var news = new List<LedgerRow>();
        foreach (var row in contents.Ledger.OrderBy(row => row.Generation))
            if (ledger.Find(other => other.Line == row.Line && other.Generation == row.Generation) is not { } mine)
                news.Add(row);
            else if (mine.Version != row.Version || mine.Kind != row.Kind)
                throw Contradiction($"generation {row.Generation} of line '{row.Line}'", $"{mine.Kind} of version {mine.Version}", $"{row.Kind} of version {row.Version}");
        db.Ledger.AddRange(news);
        ledger.AddRange(news);
        _taken.AddRange(news.Select(row => $"generation {row.Generation} of line '{row.Line}' ({row.Kind} of {row.Line}/{row.Version})"));
        return news;
    }

    private async Task TakeModelsAsync(CancellationToken cancellation)
    {
        var models = await db.Models.ToListAsync(cancellation);
        foreach (var model in contents.Models)
        {
            var mine = models.Find(other => other.Line == model.Line && other.Version == model.Version);
            var news = model.Ready && mine?.Ready != true;
            if (mine is null)
                models.Add(db.Models.Add(model).Entity);
            else if (model.Ready && mine.Run != model.Run)
                throw Contradiction($"model {model.Line}/{model.Version}", $"that of run {mine.Run}", $"that of run {model.Run}");
            else if (model.Ready && !mine.Ready)
                db.Entry(mine).CurrentValues.SetValues(model);
            if (news)
                _taken.Add($"model {model.Line}/{model.Version}");
        }
        foreach (var model in models.Where(model => model.Ready))
            if (!await IsWholeAsync(model.Line, model.Version, cancellation))
            {
                model.Ready = false;
                _missing.Add($"model {model.Line}/{model.Version}: restore {BlobLayout.Model(model.Line, model.Version)} from another copy and reconcile again, or start a cycle that trains it again");
            }
    }

    private async Task<bool> IsWholeAsync(string line, int version, CancellationToken cancellation) =>
        await blobs.FindAsync(BlobLayout.Model(line, version) + BlobLayout.ModelFile, cancellation) is not null
        && await blobs.FindAsync(BlobLayout.Model(line, version) + BlobLayout.WeightsFile, cancellation) is not null;

    private async Task TakeLabelSpacesAsync(CancellationToken cancellation)
    {
        var spaces = await db.LabelSpaces.AsNoTracking().ToListAsync(cancellation);
        foreach (var space in contents.LabelSpaces)
            if (spaces.Find(other => other.Line == space.Line && other.Version == space.Version) is not { } mine)
            {
                db.LabelSpaces.Add(space);
                _taken.Add($"label space {space.Version} of line '{space.Line}'");
            }
            else if (mine.Hash != space.Hash)
                throw Contradiction($"label space {space.Version} of line '{space.Line}'", mine.Hash[..12], space.Hash[..12]);
    }

    private async Task TakeWithdrawalsAsync(CancellationToken cancellation)
    {
        var rows = await db.Withdrawals.ToListAsync(cancellation);
        foreach (var row in contents.Withdrawals.Where(row => rows.All(mine => mine.Id != row.Id)))
        {
            db.Withdrawals.Add(row);
            _taken.Add($"withdrawal {row.Id}");
        }
        // What the store has forgotten may have come back with it: it is erased again.
        foreach (var row in rows.Where(mine => mine.DoneAt is not null && contents.Withdrawals.All(row => row.Id != mine.Id)))
        {
            (row.DoneAt, row.DueAt) = (null, db.Clock.Now);
            _missing.Add($"withdrawal {row.Id}: it is done again as soon as the services run");
        }
    }

    private async Task LeaveLostDatasetsAsync(CancellationToken cancellation)
    {
        foreach (var dataset in await db.Datasets.ToListAsync(cancellation))
            if (await blobs.FindAsync(BlobLayout.DatasetHead(dataset.Name), cancellation) is null)
            {
                db.Datasets.Remove(dataset);
                db.Note("dataset", dataset.Name, "lost", $"version {dataset.Version} is not in the restored store");
                _missing.Add($"dataset {dataset.Name}/{dataset.Version}: drop it again");
            }
    }

    /// <summary>Where the files of the model in production are lost: the newest model that ever was in production and is whole.</summary>
    private async Task RollBackAsync(string line, IReadOnlyList<LedgerRow> rows, CancellationToken cancellation)
    {
        var current = rows.MaxBy(row => row.Generation)!;
        if (await IsWholeAsync(line, current.Version, cancellation))
            return;
        foreach (var version in rows.OrderByDescending(row => row.Generation).Select(row => row.Version).Distinct())
            if (await IsWholeAsync(line, version, cancellation))
            {
                var why = $"the files of {line}/{current.Version} are not in the restored store";
                db.Ledger.Add(new LedgerRow { Line = line, Generation = current.Generation + 1, Version = version, Kind = "rollback", Who = "reconcile", Why = why, At = db.Clock.Now });
                db.Note("line", line, "rollback", $"{line}/{version} is generation {current.Generation + 1}: {why}", "reconcile");
                _rolledBack.Add($"{line}: {line}/{version} is in production as generation {current.Generation + 1}, since {why}");
                return;
            }
        _missing.Add($"line '{line}': none of its models is in the store. Restore {BlobLayout.Line(line)} from another copy and reconcile again");
    }

    private static ConflictException Contradiction(string what, string database, string store) => new(
        $"The database has {what} as {database}, the store as {store}: they are not two states of one platform. Nothing was written. Restore a database and a store of the same platform.");
}
