using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>Voxels for viewers, streamed from the blob store. What was withdrawn is gone for readers, too, with words.</summary>
internal sealed class Volumes(IBlobStore blobs)
{
    public const string Gzip = "application/gzip", Png = "image/png";

    /// <param name="hash">Of the content: what browsers ask again by, and what the content is compared with.</param>
    public async Task<IResult> VoxelsAsync(HttpContext http, string dataset, string hash, CancellationToken cancellation) =>
        await TryServeAsync(http, BlobLayout.Voxels(dataset, hash), hash, hash, Gzip, cancellation) ?? throw await MissingAsync(dataset, hash, cancellation);

    /// <param name="image">The hash of the image's file.</param>
    public async Task<IResult> ThumbnailAsync(HttpContext http, string dataset, string image, CancellationToken cancellation)
    {
        await foreach (var blob in blobs.ListAsync(BlobLayout.Thumbnails(dataset, image), cancellation))
            if (await TryServeAsync(http, blob.Path, image, Path.GetFileNameWithoutExtension(blob.Path), Png, cancellation) is { } picture)
                return picture;
        throw await WithdrawnAsync(dataset, image, cancellation) as DomainException
            ?? new UnknownNameException("This case has no picture: it was taken in before there were any. Drop the dataset again to have one.");
    }

    /// <param name="tag">Changes with the content.</param>
    /// <param name="sha256">Of the content; null: none is recorded.</param>
    public Task<IResult?> PredictionAsync(HttpContext http, string path, string tag, string? sha256, CancellationToken cancellation) => TryServeAsync(http, path, tag, sha256, Gzip, cancellation);

    /// <returns>Null where there is no such blob.</returns>
    /// <exception cref="DamagedBlobException">Its content has another hash.</exception>
    private async Task<IResult?> TryServeAsync(HttpContext http, string path, string tag, string? sha256, string type, CancellationToken cancellation)
    {
        try
        {
            // Before the answer begins: once it has, damage could not be told any more.
            if (sha256 is not null && !http.Request.Headers.IfNoneMatch.Contains($"\"{tag}\""))
                await blobs.RequireWholeAsync(path, sha256, cancellation);
            var content = await blobs.OpenReadAsync(path, cancellation);
            // A browser may keep it and must ask: what is withdrawn, or whoever lost his rights, gets no more of it.
            http.Response.Headers.CacheControl = "private, no-cache";
            return TypedResults.Stream(content, type, entityTag: new EntityTagHeaderValue($"\"{tag}\""), enableRangeProcessing: content.CanSeek);
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    private async Task<DomainException> MissingAsync(string dataset, string hash, CancellationToken cancellation) =>
        await WithdrawnAsync(dataset, hash, cancellation) as DomainException
        ?? new UnknownNameException($"The voxels '{hash}' of dataset '{dataset}' are not in the store, and no withdrawal erased them. Look at the store.");

    public async Task<GoneException?> WithdrawnAsync(string dataset, string hash, CancellationToken cancellation)
    {
        var withdrawn = await blobs.TryReadJsonAsync<WithdrawnCases>(BlobLayout.Withdrawn(dataset), DomainJson.Readable, cancellation);
        return withdrawn?.Value.Cases.FirstOrDefault(stone => stone.Image == hash || stone.Label == hash) is { } stone
            ? new GoneException($"This case was withdrawn on {stone.At:yyyy-MM-dd} by withdrawal {stone.Withdrawal}: its voxels were erased.")
            : null;
    }
}
