using System.Text;
using System.Text.Json;

namespace VerSemi.Platform.Blobs;

public static class BlobStoreExtensions
{
    public static Task<BlobEntry> WriteTextAsync(this IBlobStore store, string path, string text, WriteCondition condition = default, CancellationToken cancellation = default) =>
        store.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false), condition, cancellation);

    public static Task<BlobEntry> WriteJsonAsync<T>(this IBlobStore store, string path, T value, JsonSerializerOptions options, WriteCondition condition = default, CancellationToken cancellation = default) =>
        store.WriteAsync(path, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, options), writable: false), condition, cancellation);

    public static async Task<T> ReadJsonAsync<T>(this IBlobStore store, string path, JsonSerializerOptions options, CancellationToken cancellation = default)
    {
        await using var stream = await store.OpenReadAsync(path, cancellation);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(stream, options, cancellation) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Blob '{path}' is not a {typeof(T).Name}: {e.Message}", e);
        }
    }

    /// <summary>The value and its ETag; null where there is no such blob.</summary>
    public static async Task<(T Value, string ETag)?> TryReadJsonAsync<T>(this IBlobStore store, string path, JsonSerializerOptions options, CancellationToken cancellation = default)
    {
        // The ETag first: a change in between makes a later conditional write fail, which is the safe side.
        if (await store.FindAsync(path, cancellation) is not { } entry)
            return null;
        try
        {
            return (await store.ReadJsonAsync<T>(path, options, cancellation), entry.ETag);
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }
}
