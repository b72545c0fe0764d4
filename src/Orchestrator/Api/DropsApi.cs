using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Api;

internal static class DropsApi
{
    /// <summary>Of a blob's name in Azure there are 1024.</summary>
    private const int LongestPath = 700;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/drops", async (HttpContext http, Drops drops, OrchestratorDb db, CancellationToken cancellation, int? limit = null, string? after = null) =>
            Pages.Of(http, await ListAsync(drops, db, cancellation), drop => drop.Drop, limit, after)).NeedsRole(Role.Viewer).Described("listDrops", "Drops, with what became of them");
        api.MapGet("/drops/{drop}", DetailAsync).NeedsRole(Role.Viewer).Described("getDrop", "A drop and its report");
        api.MapGet("/drops/{drop}/files", FilesAsync).NeedsRole(Role.Viewer).Described("listDropFiles", "Files of a drop");
        api.MapGet("/drops/{drop}/files/{**path}", FileAsync).NeedsRole(Role.Viewer).Described("getDropFile", "A file of a drop: its size and hash");
        api.MapDelete("/drops/{drop}/files/{**path}", DeleteAsync).NeedsRole(Role.Operator).Described("deleteDropFile", "Removes a file from a drop").Produces(204);
        api.MapPut("/drops/{drop}/files/{**path}", PutAsync).NeedsRole(Role.Operator).Described("putDropFile", "Lays a file into a drop: the body is its content").TakesFile("application/octet-stream").Produces(204).WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapPost("/drops/{drop}/complete", CompleteAsync).NeedsRole(Role.Operator).Described("completeDrop", "Says that all files of a drop are there").Produces<DropView>(202);
    }

    public static async Task<List<DropView>> ListAsync(Drops drops, OrchestratorDb db, CancellationToken cancellation)
    {
        var cycles = await CyclesOfVersions.ReadAsync(db, cancellation);
        return [.. (await drops.ListAsync(cancellation)).Select(drop => drop.View(cycles))];
    }

    public static async Task<DropDetail> DetailAsync(string drop, Drops drops, OrchestratorDb db, CancellationToken cancellation)
    {
        var found = await drops.FindAsync(RequireName(drop).Text, cancellation)
            ?? throw new UnknownNameException($"There is no drop '{drop}' in incoming/. `versemi drop PATH` makes one.");
        return new DropDetail(found.View(await CyclesOfVersions.ReadAsync(db, cancellation)), found.Report);
    }

    /// <summary>Without the platform's own, and what Ingest does not take for its name.</summary>
    private static async Task<IReadOnlyList<DropFileView>> FilesAsync(string drop, HttpContext http, IBlobStore blobs, CancellationToken cancellation, int? limit = null, string? after = null)
    {
        var (folder, files) = (BlobLayout.Drop(RequireName(drop)), new List<DropFileView>());
        await foreach (var blob in blobs.ListAsync(folder, cancellation))
            if (blob.Path.Length > folder.Length && PathSegment.AreAll(blob.Path[folder.Length..]))
                files.Add(new DropFileView(blob.Path[folder.Length..], blob.Bytes));
        return Pages.Of(http, files, file => file.Path, limit, after);
    }

    /// <summary>Read for its hash: what a client must send again is decided by content, as the size of another label is often the same.</summary>
    private static async Task<DropFileView> FileAsync(string drop, string path, IBlobStore blobs, CancellationToken cancellation)
    {
        try
        {
            await using var content = await blobs.OpenReadAsync(BlobOf(drop, path), cancellation);
            var hash = await SHA256.HashDataAsync(content, cancellation);
            return new DropFileView(path, content.Length, Convert.ToHexStringLower(hash));
        }
        catch (BlobNotFoundException)
        {
            throw new UnknownNameException($"There is no file '{path}' in drop '{drop}'.");
        }
    }

    /// <summary>Streamed: a volume is never whole in memory, and an upload that breaks off leaves no file.</summary>
    private static async Task<IResult> PutAsync(string drop, string path, HttpRequest request, IBlobStore blobs, UploadQuota quota, CancellationToken cancellation)
    {
        // Else a drop that is sent again would be taken half old, half new.
        Task Unready() => blobs.DeleteAsync(BlobLayout.Drop(drop) + BlobLayout.ReadyMarker, cancellation);
        await quota.WriteAsync(drop, BlobOf(drop, path), request.Body, request.ContentLength, Unready, cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> DeleteAsync(string drop, string path, IBlobStore blobs, CancellationToken cancellation)
    {
        var blob = BlobOf(drop, path);
        await blobs.DeleteAsync(BlobLayout.Drop(drop) + BlobLayout.ReadyMarker, cancellation);
        await blobs.DeleteAsync(blob, cancellation);
        return Results.NoContent();
    }

    private static async Task<IResult> CompleteAsync(string drop, IBlobStore blobs, Drops drops, OrchestratorDb db, CancellationToken cancellation)
    {
        if (await drops.FindAsync(RequireName(drop).Text, cancellation) is null)
            throw new UnknownNameException($"Drop '{drop}' has no files yet. PUT them to {Routes.DropFile(drop, "PATH")} first.");
        await blobs.WriteTextAsync(BlobLayout.Drop(drop) + BlobLayout.ReadyMarker, "", cancellation: cancellation);
        var found = (await drops.FindAsync(drop, cancellation))!;
        return Results.Accepted(Routes.Drop(drop), found.View(await CyclesOfVersions.ReadAsync(db, cancellation)));
    }

    /// <param name="cycles">Null where the drop has no report.</param>
    public static DropView View(this Drops.Drop drop, CyclesOfVersions? cycles)
    {
        var (dataset, version) = (drop.Report?.Dataset, drop.Report?.Version);
        var cycle = dataset is null || version is null ? null : cycles?.NewestWith(dataset, version, drop.Name);
        return new DropView(drop.Name, drop.State, dataset, version, drop.Report?.Refusal, drop.Problem, cycle?.Id, cycle?.State, cycle?.Reason);
    }

    private static string BlobOf(string drop, string path) => BlobLayout.Drop(RequireName(drop)) + RequirePath(path);

    private static PathSegment RequireName(string drop) => PathSegment.Of("a drop", drop);

    private static string RequirePath(string path) => path.Length <= LongestPath
        ? string.Join('/', path.Split('/').Select(part => PathSegment.Of("a part of the path of a drop's file", part)))
        : throw new DomainException($"'{ShownText.Of(path)}' is not the path of a drop's file: at most {LongestPath} characters are possible.");
}
