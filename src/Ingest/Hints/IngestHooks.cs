using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace VerSemi.Ingest.Hints;

/// <summary>
/// The webhook for Event Grid. It is there only where a secret is set, which every event must bring, also the one that
/// asks for the subscription. The question of CloudEvents (OPTIONS) may come without: its answer gives nothing away.
/// </summary>
public static class IngestHooks
{
    public const string BlobCreated = "/hooks/blob-created";
    public const string SecretHeader = "X-Versemi-Hook-Secret";

    private const int MostBytes = 1 << 20;

    public static void MapIngestHooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(BlobCreated, TakeAsync).WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        routes.MapMethods(BlobCreated, [HttpMethods.Options], Permit);
    }

    private static async Task<IResult> TakeAsync(HttpRequest request, BlobHints hints, IOptions<HookOptions> options, CancellationToken cancellation)
    {
        if (Refusal(request, options.Value, mayLack: false) is { } refusal)
            return refusal;
        try
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            var events = StorageEvents.Parse(await reader.ReadToEndAsync(cancellation));
            hints.Take(events);
            return events.FirstOrDefault(one => one.Type == StorageEvent.SubscriptionValidation)?.ValidationCode is { } code
                ? Results.Text(JsonSerializer.Serialize(new { validationResponse = code }), "application/json")
                : Results.NoContent();
        }
        catch (InvalidDataException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException e)
        {
            return Results.StatusCode(e.StatusCode);
        }
    }

    private static IResult Permit(HttpRequest request, HttpResponse response, IOptions<HookOptions> options)
    {
        if (Refusal(request, options.Value, mayLack: true) is { } refusal)
            return refusal;
        if (request.Headers["WebHook-Request-Origin"] is not [{ Length: > 0 } origin])
            return Results.Problem("The header WebHook-Request-Origin is missing: who asks?", statusCode: StatusCodes.Status400BadRequest);
        response.Headers.Allow = HttpMethods.Post;
        response.Headers["WebHook-Allowed-Origin"] = origin;
        response.Headers["WebHook-Allowed-Rate"] = "*";
        return Results.Ok();
    }

    /// <param name="mayLack">Only a wrong secret is refused.</param>
    private static IResult? Refusal(HttpRequest request, HookOptions options, bool mayLack)
    {
        if (options.HookSecret.Length == 0)
            return Results.NotFound();
        var given = request.Headers[SecretHeader];
        var right = given.Count == 0 ? mayLack : CryptographicOperations.FixedTimeEquals(HashOf(given.ToString()), HashOf(options.HookSecret));
        return right ? null : Results.Unauthorized();
    }

    // Hashes have one length: the time tells nothing of the secret's.
    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
