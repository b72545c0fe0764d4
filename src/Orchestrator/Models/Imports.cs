using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Models;

/// <summary>
/// Models that were not trained here. Write new, then point: a version number, the model's blobs with model.json last,
/// then in one transaction the label space, the model and, where the line has no champion, generation 1 of the ledger.
/// </summary>
internal sealed class Imports(OrchestratorDb db, IBlobStore blobs, Registry registry, LabelSpaces spaces, Production production, LineRecipes recipes, ModelCheck check)
{
    /// <summary>The model, and whether it is a new one: the same import again is the same version.</summary>
    public async Task<(ModelRow Model, bool IsNew)> AdoptAsync(ImportModel request, CancellationToken cancellation)
    {
        recipes.Of(request.Line);
        var manifest = await ReadAsync(request.Import, cancellation);
        var run = manifest.Lineage.Run;
        if (await db.Models.AsNoTracking().FirstOrDefaultAsync(model => model.Line == request.Line && model.Run == run && model.Ready, cancellation) is { } known)
            return (known, IsNew: false);
        try
        {
            var space = await spaces.FitAsync(request.Line, manifest.LabelSpace.Tasks, cancellation);
            var version = await registry.NumberAsync(request.Line, run, cycle: "", cancellation);
            var contents = await CopyAsync(request, version, manifest with { LabelSpace = space, LabelSpaceHash = space.Hash }, cancellation);
            return (await WriteAsync(request, version, contents, cancellation), IsNew: true);
        }
        catch (DbUpdateException e)
        {
            throw new ConflictException($"Line '{request.Line}' got another model, label space or champion meanwhile. Import again.", e);
        }
    }

    // A request may lack it, whatever its type says.
    public static string RequireName(string? import) => ContentHash.Is(import)
        ? import!
        : throw new DomainException($"'{ShownText.Of(import ?? "")}' cannot name an import: it is the lower-case hexadecimal SHA-256 of what is imported.");

    private async Task<ModelManifest> ReadAsync(string import, CancellationToken cancellation)
    {
        var folder = BlobLayout.Import(RequireName(import));
        if (await blobs.FindAsync(folder + BlobLayout.ModelFile, cancellation) is null)
            throw new UnknownNameException($"There is no '{folder}{BlobLayout.ModelFile}': lay the model's two files down there first, as `versemi import-weights` does (PUT {Routes.ImportFile(import, "…")}).");
        var manifest = await check.RequireSoundAsync(folder, cancellation);
        await using var weights = await blobs.OpenReadAsync(folder + BlobLayout.WeightsFile, cancellation);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(weights, cancellation));
        return hash == manifest.Weights ? manifest : throw new DomainException(
            $"'{folder}{BlobLayout.WeightsFile}' has SHA-256 {hash}, but its model.json names {manifest.Weights}: the two do not belong together. Import again.");
    }

    private async Task<ModelContents> CopyAsync(ImportModel request, int version, ModelManifest manifest, CancellationToken cancellation)
    {
        var (source, target) = (BlobLayout.Import(request.Import), BlobLayout.Model(request.Line, version));
        await blobs.CopyVerifiedAsync(source + BlobLayout.WeightsFile, target + BlobLayout.WeightsFile, manifest.Weights, cancellation);
        await blobs.WriteJsonAsync(target + BlobLayout.ModelFile, manifest, DomainJson.Readable, cancellation: cancellation);
        return await registry.ReadAsync(request.Line, version, cancellation);
    }

    private async Task<ModelRow> WriteAsync(ImportModel request, int version, ModelContents contents, CancellationToken cancellation)
    {
        var model = await db.Models.FirstAsync(row => row.Line == request.Line && row.Version == version, cancellation);
        contents.FillIn(model);
        await spaces.AddIfNewAsync(request.Line, contents.Manifest.LabelSpace, model.Run, cancellation);
        db.Note("line", request.Line, "imported", $"{request.Line}/{version}: {string.Join(", ", model.Tasks)}{(request.Why is null ? "" : $": {request.Why}")}", request.Who);
        if (await production.CurrentAsync(request.Line, cancellation) is null)
        {
            await production.RequireNewerThanStoreAsync(request.Line, cancellation);
            await production.AppendAsync(request.Line, version, "import", request.Who, request.Why, cancellation);
        }
        await db.SaveChangesAsync(cancellation);
        await production.PointOrLogAsync(request.Line, cancellation);
        return model;
    }
}
