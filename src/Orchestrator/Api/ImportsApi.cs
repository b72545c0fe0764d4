using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Api;

/// <summary>Weights in and out, for those who cannot reach the blob store: an import is laid down file by file, then adopted.</summary>
internal static class ImportsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/imports/{import}/{file}", PutAsync).NeedsRole(Role.Admin).Described("putImportFile", "Lays down a file of an import: model.json or weights.safetensors")
            .TakesFile("application/octet-stream").Produces(204).WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapDelete("/imports/{import}", DeleteAsync).NeedsRole(Role.Admin).Described("deleteImport", "Removes the files of an import").Produces(204);
        api.MapPost("/models/import", AdoptAsync).NeedsRole(Role.Admin).Described("importModel", "An imported model becomes a version of the line").Produces<ModelView>(201).Produces<ModelView>(200);
        api.MapGet("/models/{line}/{version:int}/weights.safetensors", WeightsAsync).NeedsRole(Role.Operator).Audited("download weights").Described("getWeights", "A model's weights").Produces<Stream>(200, "application/octet-stream");
    }

    /// <summary>Streamed; an upload that breaks off leaves no file.</summary>
    private static async Task<IResult> PutAsync(string import, string file, HttpRequest request, IBlobStore blobs, OrchestratorOptions options, CancellationToken cancellation)
    {
        if (file is not (BlobLayout.ModelFile or BlobLayout.WeightsFile))
            throw new DomainException($"'{file}' is no file of an import: {BlobLayout.ModelFile} and {BlobLayout.WeightsFile} are.");
        var most = options.ImportMostMiB * 1024L * 1024;
        if (request.ContentLength > most)
            throw TooLarge(options);
        await using var content = new BoundedStream(request.Body, most, () => TooLarge(options));
        await blobs.WriteAsync(BlobLayout.Import(Imports.RequireName(import)) + file, content, cancellation: cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> DeleteAsync(string import, IBlobStore blobs, CancellationToken cancellation)
    {
        var folder = BlobLayout.Import(Imports.RequireName(import));
        await blobs.DeleteAsync(folder + BlobLayout.ModelFile, cancellation);
        await blobs.DeleteAsync(folder + BlobLayout.WeightsFile, cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> AdoptAsync(ImportModel request, Imports imports, OrchestratorDb db, CancellationToken cancellation)
    {
        Problems.RequireWho(request.Who);
        var (row, isNew) = await imports.AdoptAsync(request, cancellation);
        var view = await ModelsApi.ViewAsync(row, db, cancellation);
        return isNew ? Results.Created(Routes.Model(row.Line, row.Version), view) : Results.Ok(view);
    }

    private static async Task<IResult> WeightsAsync(string line, int version, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation)
    {
        await ModelsApi.FindAsync(line, version, db, cancellation);
        var folder = BlobLayout.Model(line, version);
        var model = await blobs.ReadJsonAsync<ModelManifest>(folder + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
        await blobs.RequireWholeAsync(folder + BlobLayout.WeightsFile, model.Weights, cancellation);
        return TypedResults.Stream(await blobs.OpenReadAsync(folder + BlobLayout.WeightsFile, cancellation), "application/octet-stream");
    }

    private static TooLargeException TooLarge(OrchestratorOptions options) =>
        new($"The file is larger than {options.ImportMostMiB} MiB: that is the most that is taken (Orchestrator:ImportMostMiB).");
}
