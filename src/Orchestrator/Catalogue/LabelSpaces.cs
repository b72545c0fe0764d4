using Microsoft.EntityFrameworkCore;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>
/// The versions of each line's label space. Growth starts from the newest version, of which the champion's is a part:
/// so the column of a task that a rejected candidate brought is never given to another.
/// </summary>
internal sealed class LabelSpaces(OrchestratorDb db)
{
    public async Task<LabelSpace> NewestAsync(string line, CancellationToken cancellation) =>
        (await db.LabelSpaces.AsNoTracking().Where(row => row.Line == line).OrderByDescending(row => row.Version).FirstOrDefaultAsync(cancellation))?.Space
        ?? LabelSpace.Empty;

    /// <summary>The space that knows every task of these datasets: the newest, or one version more.</summary>
    public async Task<LabelSpace> GrowAsync(string line, IEnumerable<DatasetManifest> datasets, string cycle, CancellationToken cancellation)
    {
        var newest = await NewestAsync(line, cancellation);
        var grown = newest.Grow(datasets.SelectMany(dataset => dataset.Labels.Select(label => (label.TaskId, label.Name, dataset.Modality))));
        return ReferenceEquals(grown, newest) ? newest : await AddAsync(line, grown, $"cycle {cycle}", cancellation);
    }

    /// <summary>
    /// The version of the line's label space that has just these tasks in these columns: one that was, or the newest
    /// grown by what is new, not yet written (<see cref="AddIfNewAsync"/>).
    /// </summary>
    /// <exception cref="ConflictException">A column of the line is another task's: an old column never moves.</exception>
    public async Task<LabelSpace> FitAsync(string line, IReadOnlyList<SegmentationTask> tasks, CancellationToken cancellation)
    {
        var rows = await db.LabelSpaces.AsNoTracking().Where(row => row.Line == line).OrderByDescending(row => row.Version).ToListAsync(cancellation);
        var ids = tasks.Select(task => task.Id).ToList();
        if (rows.FirstOrDefault(row => row.Space.Tasks.Select(task => task.Id).SequenceEqual(ids)) is { } known)
            return known.Space;
        var newest = rows.FirstOrDefault()?.Space ?? LabelSpace.Empty;
        if (!newest.Tasks.Select(task => task.Id).SequenceEqual(ids.Take(newest.Columns)))
            throw new ConflictException(
                $"Line '{line}' has the tasks {string.Join(", ", newest.Tasks.Select(task => task.Id))} in its columns, which never move; a model of it has these first, not {string.Join(", ", ids)}. Import into another line or data folder.");
        return newest.Grow(tasks.Select(task => (task.Id, task.Name, task.Modality)));
    }

    /// <summary>The next SaveChanges writes it; where the version is taken meanwhile, that fails.</summary>
    public async Task AddIfNewAsync(string line, LabelSpace space, string origin, CancellationToken cancellation)
    {
        if (!await db.LabelSpaces.AnyAsync(row => row.Line == line && row.Version == space.Version && row.Hash == space.Hash, cancellation))
            Add(line, space, origin);
    }

    public async Task<LabelSpace> MergeAsync(string line, string from, string into, string who, string? why, CancellationToken cancellation)
    {
        var merged = (await NewestAsync(line, cancellation)).Merge(from, into);
        db.Note("line", line, "merged", $"{from} into {into}{(why is null ? "" : $": {why}")}", who);
        return await AddAsync(line, merged, $"{from} merged into {into} by {who}", cancellation);
    }

    // Two at once: the key (line, version) lets one through, the other tries again from the new version.
    private async Task<LabelSpace> AddAsync(string line, LabelSpace space, string origin, CancellationToken cancellation)
    {
        Add(line, space, origin);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (db.LabelSpaces.AsNoTracking().Any(row => row.Line == line && row.Version == space.Version))
        {
            throw new ConflictException($"The label space of line '{line}' became v{space.Version} meanwhile. Try again.", e);
        }
        return space;
    }

    private void Add(string line, LabelSpace space, string origin) =>
        db.LabelSpaces.Add(new LabelSpaceRow { Line = line, Version = space.Version, Space = space, Hash = space.Hash, CreatedAt = db.Clock.Now, Origin = origin });
}
