using System.Text;
using System.Text.Json;

namespace VerSemi.Platform.Blobs;

public static class BlobStoreExtensions
{
    public static Task<BlobEntry> WriteTextAsync(this IBlobStore store, string path, string text, WriteCondition condition = default, CancellationToken cancellation = default) =>
        store.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false), condition, cancellation);

    /// <summary>Writes an object as JSON that ends with its own path and checksum.</summary>
    public static Task<BlobEntry> WriteJsonAsync<T>(this IBlobStore store, string path, T value, JsonSerializerOptions options, WriteCondition condition = default, CancellationToken cancellation = default) =>
        store.WriteAsync(path, new MemoryStream(Seal.Close(path, JsonSerializer.SerializeToUtf8Bytes(value, options)), writable: false), condition, cancellation);

    /// <exception cref="DamagedBlobException">It is not what <see cref="WriteJsonAsync"/> wrote to this path.</exception>
    public static async Task<T> ReadJsonAsync<T>(this IBlobStore store, string path, JsonSerializerOptions options, CancellationToken cancellation = default)
    {
        var bytes = await store.ReadBytesAsync(path, cancellation);
        Seal.Check(path, bytes);
        return Parse<T>(path, bytes, options);
    }

    /// <summary>Reads JSON that was copied from the place that it was written to: the content is verified, the place is not.</summary>
    public static async Task<T> ReadMovedJsonAsync<T>(this IBlobStore store, string path, JsonSerializerOptions options, CancellationToken cancellation = default)
    {
        var bytes = await store.ReadBytesAsync(path, cancellation);
        Seal.CheckContent(path, bytes);
        return Parse<T>(path, bytes, options);
    }

    /// <summary>Reads JSON that came from outside and has no checksum.</summary>
    /// <exception cref="DamagedBlobException">It is not such a value.</exception>
    public static async Task<T> ReadForeignJsonAsync<T>(this IBlobStore store, string path, JsonSerializerOptions options, CancellationToken cancellation = default) =>
        Parse<T>(path, await store.ReadBytesAsync(path, cancellation), options);

    /// <summary>The value and its ETag; null where there is no such blob.</summary>
    /// <exception cref="DamagedBlobException">It is not what <see cref="WriteJsonAsync"/> wrote to this path.</exception>
    public static async Task<(T Value, string ETag)?> TryReadJsonAsync<T>(this IBlobStore store, string path, JsonSerializerOptions options, CancellationToken cancellation = default) where T : notnull
    {
        var (value, tag, damage) = await store.InspectJsonAsync<T>(path, options, cancellation);
        if (damage is not null)
            throw damage;
        return tag is null ? null : (value!, tag);
    }

    /// <summary>For what can be done without or written again: damage is a result here, not an exception.</summary>
    public static async Task<InspectedJson<T>> InspectJsonAsync<T>(this IBlobStore store, string path, JsonSerializerOptions options, CancellationToken cancellation = default) where T : notnull
    {
        // The ETag first: a change in between makes a later conditional write fail, which is the safe side.
        if (await store.FindAsync(path, cancellation) is not { } entry)
            return default;
        try
        {
            return new InspectedJson<T>(await store.ReadJsonAsync<T>(path, options, cancellation), entry.ETag, null);
        }
        catch (BlobNotFoundException)
        {
            return default;
        }
        catch (DamagedBlobException e)
        {
            return new InspectedJson<T>(default, entry.ETag, e);
        }
    }

    /// <exception cref="DamagedBlobException">It is not what <see cref="WriteJsonAsync"/> wrote to this path.</exception>
    public static async Task CheckJsonAsync(this IBlobStore store, string path, CancellationToken cancellation = default) =>
        Seal.Check(path, await store.ReadBytesAsync(path, cancellation));

    private static async Task<byte[]> ReadBytesAsync(this IBlobStore store, string path, CancellationToken cancellation)
    {
        await using var stream = await store.OpenReadAsync(path, cancellation);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static T Parse<T>(string path, byte[] bytes, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, options) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new DamagedBlobException(path, $"it is not a {typeof(T).Name}: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Deletes these blobs, all of which must lie below the prefix of one thing ("incoming/drop/"): a mistake about the prefix deletes nothing.</summary>
    public static async Task DeleteBelowAsync(this IBlobStore store, string prefix, IReadOnlyCollection<string> paths, CancellationToken cancellation = default)
    {
        var folder = BlobPath.CheckedFolder(prefix);
        if (paths.FirstOrDefault(path => !path.StartsWith(folder, StringComparison.Ordinal)) is { } elsewhere)
            throw new ArgumentException($"'{elsewhere}' does not lie below '{folder}'. Nothing was deleted.", nameof(paths));
        foreach (var path in paths)
            await store.DeleteAsync(path, cancellation);
    }
}

/// <summary>A JSON blob as it was found. All three are null where there is none.</summary>
/// <param name="Value">The default where there is none, or it is damaged.</param>
/// <param name="Damage">Why the value cannot be read.</param>
public readonly record struct InspectedJson<T>(T? Value, string? ETag, DamagedBlobException? Damage)
{
    /// <summary>The condition under which a write replaces what was found, and nothing newer.</summary>
    public WriteCondition Replaces => ETag is null ? new WriteCondition(IfAbsent: true) : new WriteCondition(IfMatch: ETag);
}
