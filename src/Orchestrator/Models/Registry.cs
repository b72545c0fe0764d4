using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Orchestrator.Workflow.Leases;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>Gives candidates their version numbers, and copies them to where models are kept.</summary>
internal sealed class Registry(OrchestratorDb db, IBlobStore blobs, FinishedWork finished)
{
    /// <summary>The version of a run's model: the one it was given before, or the next. A number whose cycle was cancelled is not used again.</summary>
    /// <param name="cycle">Empty for an import.</param>
    public async Task<int> NumberAsync(string line, string run, string cycle, CancellationToken cancellation)
    {
        var models = db.Models.Where(model => model.Line == line);
        if (await models.AsNoTracking().FirstOrDefaultAsync(model => model.Run == run, cancellation) is { } given)
            return given.Version;
        // The database may have been restored to an earlier point than the store: a number that the store knows is never given again.
        var version = Math.Max(await models.MaxAsync(model => (int?)model.Version, cancellation) ?? 0, await NewestInStoreAsync(line, cancellation)) + 1;
        db.Models.Add(new ModelRow { Line = line, Version = version, Run = run, Cycle = cycle, CreatedAt = db.Clock.Now });
        await db.SaveChangesAsync(cancellation);
        return version;
    }

    private async Task<int> NewestInStoreAsync(string line, CancellationToken cancellation) =>
        (await blobs.ListFoldersAsync(BlobLayout.Line(line), cancellation))
            .Select(folder => int.TryParse(folder, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0).Append(0).Max();

    /// <summary>Copies weights and report, and the manifest last. What is copied is what was judged.</summary>
    /// <exception cref="DamagedBlobException">A file of the candidate is not what was evaluated.</exception>
    public async Task<ModelContents> CopyAsync(Cycle cycle, int version, CancellationToken cancellation)
    {
        var attempt = await finished.TrainedAttemptAsync(cycle.Run!, cancellation)
            ?? throw new DomainException($"Run {cycle.Run} has no finished training any more: its result.json is gone. Start the cycle again.");
        var (source, target) = (BlobLayout.AttemptModel(cycle.Run!, attempt), BlobLayout.Model(cycle.Line, version));
        var manifest = await blobs.ReadJsonAsync<ModelManifest>(source + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
        var report = await blobs.ReadJsonAsync<EvaluationReport>(BlobLayout.CandidateReport(cycle.Run!), DomainJson.Readable, cancellation);
        if (report.Weights != manifest.Weights)
            throw new DamagedBlobException(source + BlobLayout.ModelFile, report.Weights ?? "none", manifest.Weights);
        await blobs.CopyVerifiedAsync(source + BlobLayout.WeightsFile, target + BlobLayout.WeightsFile, manifest.Weights, cancellation);
        await blobs.WriteJsonAsync(target + BlobLayout.EvaluationFile, report, DomainJson.Readable, cancellation: cancellation);
        await blobs.WriteJsonAsync(target + BlobLayout.ModelFile, manifest, DomainJson.Readable, cancellation: cancellation);
        return new ModelContents(manifest, report);
    }

    public async Task<ModelContents> ReadAsync(string line, int version, CancellationToken cancellation)
    {
        var folder = BlobLayout.Model(line, version);
        var evaluation = await blobs.TryReadJsonAsync<EvaluationReport>(folder + BlobLayout.EvaluationFile, DomainJson.Readable, cancellation);
        return new ModelContents(await blobs.ReadJsonAsync<ModelManifest>(folder + BlobLayout.ModelFile, DomainJson.Readable, cancellation), evaluation?.Value);
    }
}
