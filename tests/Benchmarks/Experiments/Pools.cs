using System.Globalization;
using VerSemi.Cli.Research;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.GpuTrainer.Data;
using VerSemi.Imaging.Phantoms;
using VerSemi.Platform.Blobs;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>
/// The data of the experiments: the four phantom datasets and the hippocampus data, with fixed sealed cases and a few
/// labelled ones, drawn by the seed; every unlabelled image takes part. No case is kept for validation: the last
/// averaged weights count, so that no method can profit from a choice.
/// </summary>
internal sealed class Pools(ResearchFolder research, string? hippocampus)
{
    /// <summary>Labelled cases of a phantom dataset that are not sealed.</summary>
    public const int AllOfPhantom = 10;

    public const int FewOfPhantom = 2;

    /// <summary>Labelled cases of each dataset of targets of different size.</summary>
    public const int FewOfSizes = 8;

    private const int SealedOfHippocampus = 10;
    private static readonly string[] PhantomDatasets = ["phantomliver", "phantomvessel", "phantomkidney", "phantomnodule"];
    private static readonly string[] SizesDatasets = ["headcerebellum", "headstriatum", "headthalamus", "headgland"];

    /// <param name="labels">Labelled cases of each of the four datasets.</param>
    public static string Phantoms(int labels) => $"phantoms-{labels}";

    /// <summary>Without the fourth dataset.</summary>
    public static string ThreePhantoms(int labels) => $"phantoms-3-of-4-{labels}";

    /// <summary>Four targets of very different size in the same head, a dataset each.</summary>
    public static string Sizes(int labels) => $"sizes-{labels}";

    /// <summary>Without the smallest of them.</summary>
    public static string ThreeSizes(int labels) => $"sizes-3-of-4-{labels}";

    /// <summary>The four phantom datasets as Ingest splits them: 8 labelled cases to train on, 2 for validation, 12 held out.</summary>
    public static string ValidatedPhantoms => "phantoms-validated-8";

    public static string Hippocampus(int labels) => $"hippocampus-{labels}";
    public static bool IsPhantoms(string name) => name.StartsWith("phantoms", StringComparison.Ordinal);
    public static bool IsSizes(string name) => name.StartsWith("sizes", StringComparison.Ordinal);
    private static bool IsSynthetic(string dataset) => PhantomDatasets.Contains(dataset) || SizesDatasets.Contains(dataset);

    /// <summary>Checks and versions whatever the arms need and is not there yet.</summary>
    public async Task PrepareAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        var there = await research.Store.ListFoldersAsync(BlobLayout.Datasets, cancellation);
        var folders = new List<string>();
        if (names.Any(IsPhantoms) && !PhantomDatasets.All(there.Contains))
            folders.AddRange(PhantomWriter.Write(Path.Combine(research.Path, "phantoms")));
        if (names.Any(IsSizes) && !SizesDatasets.All(there.Contains))
            folders.AddRange(PhantomWriter.Write(Path.Combine(research.Path, "phantoms"), PhantomDataset.Sizes));
        if (!names.All(name => IsPhantoms(name) || IsSizes(name)) && there.All(IsSynthetic))
            folders.Add(hippocampus ?? throw new ArgumentException("--hippocampus names the folder of the Medical Segmentation Decathlon's Task04_Hippocampus, http://medicaldecathlon.com"));
        if (folders.Count > 0)
            await research.IngestAsync(folders, drop => Console.Error.WriteLine($"checking {drop}"), cancellation);
    }

    /// <summary>The dataset versions of a pool at a seed, written to the store.</summary>
    public async Task<IReadOnlyList<DatasetManifest>> MakeAsync(string name, int seed, CancellationToken cancellation)
    {
        var pools = new List<DatasetManifest>();
        foreach (var dataset in await DatasetsAsync(name, cancellation))
            pools.Add(name == ValidatedPhantoms ? await WholeAsync(dataset, cancellation) : await MakeAsync(dataset, int.Parse(name[(name.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture), seed, cancellation));
        return pools;
    }

    private async Task<IReadOnlyList<string>> DatasetsAsync(string name, CancellationToken cancellation) => IsPhantoms(name)
        ? [.. PhantomDatasets.Take(name.Contains("3-of-4", StringComparison.Ordinal) ? 3 : 4)]
        : IsSizes(name) ? [.. SizesDatasets.Take(name.Contains("3-of-4", StringComparison.Ordinal) ? 3 : 4)]
        : [(await research.Store.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Single(folder => !IsSynthetic(folder))];

    private async Task<DatasetManifest> MakeAsync(string dataset, int labels, int seed, CancellationToken cancellation)
    {
        var (store, whole) = (research.Store, await WholeAsync(dataset, cancellation));
        var pool = IsSynthetic(dataset) ? Restrict(whole, whole.In(Split.Test).Select(c => c.Id).ToHashSet(), labels, seed) : Restrict(whole, FixedSealed(whole), labels, seed);
        await store.WriteJsonAsync(BlobLayout.DatasetManifest(dataset, pool.Version), pool, DomainJson.Readable, default, cancellation);
        return pool;
    }

    private async Task<DatasetManifest> WholeAsync(string dataset, CancellationToken cancellation)
    {
        var head = await research.Store.ReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(dataset), DomainJson.Readable, cancellation);
        return await research.Store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset, head.Version), DomainJson.Readable, cancellation);
    }

    private static HashSet<string> FixedSealed(DatasetManifest whole) =>
        [.. whole.Cases.Where(c => c.Label is not null).OrderBy(c => ContentHash.OfText(c.Id), StringComparer.Ordinal).Take(SealedOfHippocampus).Select(c => c.Id)];

    private static DatasetManifest Restrict(DatasetManifest whole, HashSet<string> isSealed, int labels, int seed)
    {
        var others = whole.Cases.Where(c => c.Label is not null && !isSealed.Contains(c.Id)).ToList();
        var chosen = CounterRandom.At(seed).Permutation(others.Count).Take(labels).Select(i => others[i].Id).ToHashSet();
        return whole with
        {
            Cases = [.. whole.Cases.Where(c => c.Label is null || isSealed.Contains(c.Id) || chosen.Contains(c.Id))
                .Select(c => c with { Split = c.Label is null ? null : isSealed.Contains(c.Id) ? Split.Test : Split.Training })],
        };
    }
}
