using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Workflow;

/// <summary>spec.json of runs: written once, and written again from the cycle's row where it is missing or damaged.</summary>
internal sealed class RunSpecifications(OrchestratorDb db, IBlobStore blobs, ILogger<RunSpecifications> log)
{
    public static RunSpecification Of(Cycle cycle, Candidate candidate, LabelSpace space, int? champion)
    {
        var datasets = cycle.Datasets.Select(dataset => new DatasetVersion(dataset.Key, dataset.Value)).ToList();
        return new RunSpecification
        {
            Run = RunIdentity.Of(cycle.Line, datasets, space, candidate.Recipe, candidate.Seed, cycle.ScheduledFor),
            Line = cycle.Line,
            LabelSpace = space,
            Datasets = datasets,
            Recipe = candidate.Recipe,
            Seed = candidate.Seed,
            ScheduledFor = cycle.ScheduledFor,
            Champion = champion,
        };
    }

    /// <summary>The same run again goes on as it was first written: its checkpoints came from that champion.</summary>
    public async Task<RunSpecification> WriteOnceAsync(RunSpecification specification, CancellationToken cancellation)
    {
        var path = BlobLayout.RunSpecification(specification.Run);
        while (true)
        {
            var there = await blobs.InspectJsonAsync<RunSpecification>(path, DomainJson.Readable, cancellation);
            if (there.Value is { } written)
                return written;
            if (there.Damage is not null)
                log.LogWarning("{Path} is written again: {Wrong}", path, there.Damage.Message);
            try
            {
                await blobs.WriteJsonAsync(path, specification, DomainJson.Readable, there.Replaces, cancellation);
                return specification;
            }
            catch (BlobConflictException)
            {
                // Another replica wrote it in between: read that one.
            }
        }
    }

    /// <exception cref="DamagedBlobException">It is damaged, and the rows do not say what it held.</exception>
    public async Task<RunSpecification> ReadAsync(string run, CancellationToken cancellation)
    {
        var there = await blobs.InspectJsonAsync<RunSpecification>(BlobLayout.RunSpecification(run), DomainJson.Readable, cancellation);
        if (there.Value is { } written)
            return written;
        return await FromRowsAsync(run, cancellation) is { } again
            ? await WriteOnceAsync(again, cancellation)
            : throw there.Damage ?? new DamagedBlobException(BlobLayout.RunSpecification(run), "it is missing");
    }

    private async Task<RunSpecification?> FromRowsAsync(string run, CancellationToken cancellation)
    {
        var cycle = await db.Runs.AsNoTracking().Where(row => row.Id == run).Join(db.Cycles.AsNoTracking(), row => row.Cycle, cycle => cycle.Id, (_, cycle) => cycle).FirstOrDefaultAsync(cancellation);
        if (cycle?.AllCandidates().FirstOrDefault(one => one.Run == run) is not { } candidate)
            return null;
        var space = await db.LabelSpaces.AsNoTracking().FirstOrDefaultAsync(row => row.Line == cycle.Line && row.Version == cycle.LabelSpace, cancellation);
        return space is not null && Of(cycle, candidate, space.Space, cycle.Champion) is var specification && specification.Run == run ? specification : null;
    }
}
