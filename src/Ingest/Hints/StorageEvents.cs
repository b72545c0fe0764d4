using System.Text;
using System.Text.Json;

namespace VerSemi.Ingest.Hints;

/// <summary>One event. Of both schemas only what a hint is made of.</summary>
/// <param name="ValidationCode">Of the event by which Event Grid asks whether it is wanted here.</param>
internal sealed record StorageEvent(string Type, string Subject, string? ValidationCode)
{
    public const string BlobCreated = "Microsoft.Storage.BlobCreated";
    public const string SubscriptionValidation = "Microsoft.EventGrid.SubscriptionValidationEvent";
}

/// <summary>
/// Reads what Event Grid sends: its own schema and CloudEvents 1.0 (JSON), one event or an array, as text or, out of a
/// storage queue, in Base64.
/// </summary>
internal static class StorageEvents
{
    /// <exception cref="InvalidDataException">It is nothing of these; the message says where it stops to be.</exception>
    public static IReadOnlyList<StorageEvent> Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(Text(body));
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(EventOf)]
                : [EventOf(document.RootElement)];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The message is not JSON, as text or in Base64: {e.Message}", e);
        }
    }

    private static string Text(string body)
    {
        var trimmed = body.AsSpan().Trim().TrimStart('\uFEFF').TrimStart();
        if (trimmed is ['{' or '[', ..])
            return trimmed.ToString();
        var bytes = new byte[trimmed.Length];
        return Convert.TryFromBase64Chars(trimmed, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count).TrimStart('\uFEFF') : body;
    }

    private static StorageEvent EventOf(JsonElement one)
    {
        if (one.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"An event is an object, and here is {one.ValueKind}.");
        var type = TextOf(one, "specversion") switch
        {
            null => TextOf(one, "eventType"),
            "1.0" => TextOf(one, "type"),
            var other => throw new InvalidDataException($"CloudEvents {other} is not understood, only 1.0."),
        };
        return new StorageEvent(
            type ?? throw new InvalidDataException("The object is no event: it has neither 'eventType' (Event Grid) nor 'specversion' and 'type' (CloudEvents)."),
            TextOf(one, "subject") ?? "",
            one.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? TextOf(data, "validationCode") : null);
    }

    private static string? TextOf(JsonElement one, string member) =>
        one.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
