using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using VerSemi.Domain;
using VerSemi.Domain.Segmentations;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Segmentations;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Api;

/// <summary>An image in, a label map out, by the model in production.</summary>
internal static class SegmentationsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/segmentations", PostAsync).NeedsRole(Role.Operator).Described("segment", "Segments an image by the model in production").TakesFile("application/octet-stream", "application/gzip", "multipart/form-data").Produces<SegmentationView>(202).WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapGet("/segmentations", ListAsync).NeedsRole(Role.Viewer).Described("listSegmentations", "Segmentations, newest first");
        api.MapGet("/segmentations/{id}", async (string id, SegmentationDesk desk, CancellationToken cancellation) => View(await desk.FindAsync(id, cancellation))).NeedsRole(Role.Viewer).Described("getSegmentation", "A segmentation and its label table");
        api.MapGet("/segmentations/{id}/label.nii.gz", LabelAsync).NeedsRole(Role.Viewer).Audited("look at volume").Described("getSegmentationLabel", "The label map").Produces<Stream>(200, Volumes.Gzip);
        api.MapGet("/segmentations/{id}/entropy.nii.gz", EntropyAsync).NeedsRole(Role.Viewer).Audited("look at volume").Described("getSegmentationEntropy", "The entropy map").Produces<Stream>(200, Volumes.Gzip);
        api.MapDelete("/segmentations/{id}", async (string id, SegmentationDesk desk, CancellationToken cancellation) =>
        {
            await desk.FindAsync(id, cancellation);
            await desk.DeleteAsync(id, cancellation);
            return Results.NoContent();
        }).NeedsRole(Role.Operator).Described("deleteSegmentation", "Deletes image and result").Produces(204);
    }

    private static async Task<IResult> PostAsync(
        HttpRequest request, [AsParameters] HumanQuery act, SegmentationDesk desk, Sweep sweep, OrchestratorOptions options, CancellationToken cancellation,
        string line = "main", [FromQuery] string[]? task = null, string? modality = null, int? channel = null, bool entropy = false)
    {
        var wish = new SegmentationWish(line, task ?? [], modality, channel, entropy, act.Who);
        var most = options.Segmentations.MostMiB * 1024L * 1024;
        if (request.ContentLength > most)
            throw TooLarge(options);
        var known = await desk.CheckAsync(wish, cancellation);
        await using var image = new BoundedStream(await ImageAsync(request, cancellation), most, () => TooLarge(options));
        var row = await desk.TakeAsync(wish, known, image, cancellation);
        sweep.Nudge();
        return Results.Accepted(Routes.Segmentation(row.Id), View(row));
    }

    /// <summary>The body itself, or the first file of a form; streamed in either case.</summary>
    private static async Task<Stream> ImageAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength == 0)
            throw Empty();
        // Whatever else it is said to be is the image: curl calls every body a form unless told otherwise.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return request.Body;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value
            ?? throw new DomainException("The form has no boundary: send it as multipart/form-data, or the image itself as the body.");
        var reader = new MultipartReader(boundary, request.Body);
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && disposition.IsFileDisposition())
                return section.Body;
        throw Empty();
    }

    private static async Task<List<SegmentationView>> ListAsync(
        HttpContext http, OrchestratorDb db, CancellationToken cancellation, string? line = null, string? state = null, int? limit = null, string? after = null)
    {
        var rows = await db.Segmentations.AsNoTracking().Where(row => (line == null || row.Line == line) && (state == null || row.State == state)).OrderByDescending(row => row.Id).ToListAsync(cancellation);
        return [.. Pages.Of(http, rows, row => row.Id, limit, after).Select(View)];
    }

    private static async Task<IResult> LabelAsync(string id, HttpContext http, SegmentationDesk desk, Volumes volumes, CancellationToken cancellation)
    {
        var row = await DoneAsync(id, http, desk, cancellation);
        return await volumes.PredictionAsync(http, BlobLayout.SegmentationResult(id, row.Attempt), $"{id}-{row.Attempt}", sha256: null, cancellation)
            ?? throw new UnknownNameException($"The label map of segmentation '{id}' is not in the store any more. POST the image again.");
    }

    private static async Task<IResult> EntropyAsync(string id, HttpContext http, SegmentationDesk desk, Volumes volumes, CancellationToken cancellation)
    {
        var row = await DoneAsync(id, http, desk, cancellation);
        if (!row.Entropy)
            throw new UnknownNameException($"No entropy map of segmentation '{id}' was asked for. POST the image again with ?entropy=true.");
        return await volumes.PredictionAsync(http, BlobLayout.SegmentationEntropy(id, row.Attempt), $"{id}-{row.Attempt}-entropy", sha256: null, cancellation)
            ?? throw new UnknownNameException($"The entropy map of segmentation '{id}' is not in the store: its worker is of an earlier version, or it was deleted. POST the image again.");
    }

    private static async Task<SegmentationRow> DoneAsync(string id, HttpContext http, SegmentationDesk desk, CancellationToken cancellation)
    {
        var row = await desk.FindAsync(id, cancellation);
        if (row.State != SegmentationStates.Done)
            throw new ConflictException($"Segmentation '{id}' is {row.State}: {row.Reason ?? "there is no label map yet"}. GET {Routes.Segmentation(id)} tells when it is done.");
        http.Response.Headers["X-VerSemi-Notice"] = LabelTable.ForResearch;
        return row;
    }

    private static SegmentationView View(SegmentationRow row) => new(
        row.Id, row.Line, row.State, row.Reason, row.Model, row.Modality, row.Tasks, row.Labels, row.Warnings, row.State == SegmentationStates.Done ? Routes.SegmentationLabel(row.Id) : null,
        row.CreatedAt, row.EndedAt, row.ExpiresAt, LabelTable.ForResearch, row.Entropy && row.State == SegmentationStates.Done ? Routes.SegmentationEntropy(row.Id) : null);

    private static DomainException Empty() => new("The request holds no image: send a NIfTI file (.nii or .nii.gz) as the body, or as the file of a multipart/form-data form.");

    private static TooLargeException TooLarge(OrchestratorOptions options) =>
        new($"The image is larger than {options.Segmentations.MostMiB} MiB: that is the most that is taken (Orchestrator:Segmentations:MostMiB). Send it compressed (.nii.gz), or cut to the region of interest.");
}
