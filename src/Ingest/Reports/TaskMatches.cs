using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Platform.Blobs;

namespace VerSemi.Ingest.Reports;

/// <summary>
/// Tasks of other datasets whose names are like this one's. Only said, never taken: "cancer" is not one organ.
/// </summary>
internal static class TaskMatches
{
    public static async Task<IReadOnlyList<string>> FindAsync(IBlobStore store, DatasetManifest dataset, CancellationToken cancellation)
    {
        var notes = new List<string>();
        foreach (var other in (await store.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is))
            if (other != dataset.Name)
                notes.AddRange(await WithAsync(store, dataset, other, cancellation));
        return notes;
    }

    /// <summary>Another dataset that is damaged is no reason to hold this one up: it was committed already.</summary>
    private static async Task<IEnumerable<string>> WithAsync(IBlobStore store, DatasetManifest dataset, string other, CancellationToken cancellation)
    {
        try
        {
            if (await store.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(other), DomainJson.Readable, cancellation) is not { } head)
                return [];
            var manifest = await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(other, head.Value.Version), DomainJson.Readable, cancellation);
            return Between(dataset.Labels, manifest.Labels);
        }
        catch (Exception e) when (e is InvalidDataException or BlobNotFoundException or DomainException)
        {
            return [$"Tasks could not be compared with those of dataset '{other}': {ShownText.Of(e.Message, 300)}"];
        }
    }

    private static IEnumerable<string> Between(IReadOnlyList<LabelDeclaration> labels, IReadOnlyList<LabelDeclaration> others) =>
        from label in labels
        from other in others
        where label.TaskId != other.TaskId && Alike(Slug.Of(label.Name), Slug.Of(other.Name))
        where labels.All(known => known.TaskId != other.TaskId)
        select $"'{label.TaskId}' may be the same structure as '{other.TaskId}'. They stay two tasks; if they are one: versemi tasks merge {label.TaskId} {other.TaskId}";

    /// <summary>Equal, one a part of the other by whole words, or one slip of the pen apart.</summary>
    public static bool Alike(string a, string b)
    {
        var (wordsA, wordsB) = (a.Split('-'), b.Split('-'));
        return a == b || wordsA.All(wordsB.Contains) || wordsB.All(wordsA.Contains) || (Math.Min(a.Length, b.Length) >= 5 && OneEditApart(a, b));
    }

    private static bool OneEditApart(string a, string b)
    {
        if (a.Length > b.Length)
            (a, b) = (b, a);
        if (b.Length - a.Length > 1)
            return false;
        var same = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
        return a[Math.Min(a.Length, same + (a.Length == b.Length ? 1 : 0))..] == b[Math.Min(b.Length, same + 1)..];
    }
}
