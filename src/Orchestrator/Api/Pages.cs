using Microsoft.AspNetCore.Http;
using VerSemi.Domain;

namespace VerSemi.Orchestrator.Api;

/// <summary>
/// A list in pieces: <c>?limit=</c> says how many, <c>?after=</c> the last item that is known already, and the answer's
/// Link header (RFC 8288) names the next piece while there is one. Without a limit a list comes whole.
/// </summary>
internal static class Pages
{
    public const int Most = 1000;

    /// <param name="key">Names an item among the others; escaped where it stands in an address.</param>
    public static IReadOnlyList<T> Of<T>(HttpContext http, IReadOnlyList<T> all, Func<T, string> key, int? limit, string? after)
    {
        var start = after is null ? 0 : IndexAfter(all, key, after);
        return Cut(http, [.. all.Skip(start).Take(Size(limit) is { } size ? size + 1 : int.MaxValue)], key, limit);
    }

    /// <param name="items">One more than asked for, where there is one more.</param>
    public static IReadOnlyList<T> Cut<T>(HttpContext http, IReadOnlyList<T> items, Func<T, string> key, int? limit)
    {
        if (limit is not { } size || items.Count <= size)
            return items;
        var others = http.Request.Query.Where(one => one.Key is not "after").SelectMany(one => one.Value.Select(value => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(value ?? "")}"));
        var next = $"{http.Request.PathBase}{http.Request.Path}?{string.Join('&', others.Append($"after={Uri.EscapeDataString(key(items[size - 1]))}"))}";
        http.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        return [.. items.Take(size)];
    }

    /// <returns>How many; null: all.</returns>
    public static int? Size(int? limit) => limit is null or (>= 1 and <= Most) ? limit : throw new DomainException($"limit={limit}: 1 to {Most} is possible.");

    public static DomainException Unknown(string after) => new($"after={after} is not in this list (any more): begin without it.");

    private static int IndexAfter<T>(IReadOnlyList<T> all, Func<T, string> key, string after)
    {
        for (var i = 0; i < all.Count; i++)
            if (key(all[i]) == after)
                return i + 1;
        throw Unknown(after);
    }
}
