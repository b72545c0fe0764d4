using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests;

/// <summary>
/// The small store with a champion main/1 that knows its two balls, and a second dataset on images of its own content
/// that annotates a third task: either ball.
/// </summary>
public sealed class GrowingStore : IDisposable
{
    public const string NewTask = "both/either";
    private readonly SmallStore _store = new();

    // In a batch of 2, mix(a, b) is one sample of one voxel at the norm of x5: of one number there is no variance.
    private static readonly TrainingRecipe Recipe = SmallStore.Recipe with { LabelledBatch = 4, UnlabelledBatch = 4 };

    private GrowingStore() { }

    public static Task<GrowingStore> MakeAsync(FeatureNorm norm = FeatureNorm.Batch, CancellationToken cancellation = default) => MakeAsync(norm, NetworkDesign.Reference, cancellation);

    public static async Task<GrowingStore> MakeAsync(FeatureNorm norm, NetworkDesign design, CancellationToken cancellation)
    {
        var made = new GrowingStore();
        var first = made._store.Run(Recipe with { Norm = norm, Network = design }, "first");
        made.Trainer(first, 1).Run(cancellation, cancellation);
        await ModelCopy.MakeAsync(made.Blobs, BlobLayout.AttemptModel("first", 1), BlobLayout.Model("main", 1), cancellation);
        await made.AddSecondAsync(cancellation);
        return made;
    }

    public FolderBlobStore Blobs => _store.Blobs;
    public DatasetManifest First => _store.Manifest;
    public DatasetManifest Second { get; private set; } = null!;

    /// <summary>The run that grows from main/1 to three tasks.</summary>
    public RunSpecification Run(GrowthMode mode, string run = "second", Func<TrainingRecipe, TrainingRecipe>? change = null)
    {
        var first = _store.Run(run: run);
        var recipe = Recipe with { Growth = mode };
        return first with
        {
            Recipe = change?.Invoke(recipe) ?? recipe,
            LabelSpace = first.LabelSpace.Grow([(NewTask, "either", "MRI")]),
            Datasets = [.. first.Datasets, new DatasetVersion(Second.Name, Second.Version)],
            Champion = 1,
        };
    }

    public Trainer Trainer(RunSpecification run, int attempt, Action<int>? onStep = null, List<string>? notes = null) =>
        new(run, attempt, Blobs, new TrainerOptions { Scratch = _store.Scratch, Threads = 1 }, progress => onStep?.Invoke(progress.Done), note => notes?.Add(note));

    public async Task<VerSemiNetwork> NetworkAsync(string folder, CancellationToken cancellation) => (await ModelFiles.LoadAsync(Blobs, folder, TorchSharp.torch.CPU, cancellation)).Network;

    public void Dispose() => _store.Dispose();

    private async Task AddSecondAsync(CancellationToken cancellation)
    {
        Second = First with { Name = "both", Labels = [new LabelDeclaration(1, NewTask, "either"), new LabelDeclaration(2, NewTask, "either")] };
        foreach (var hash in Second.Cases.SelectMany(c => new[] { c.Image, c.Label }).OfType<string>().Distinct())
            await CopyAsync(BlobLayout.Voxels(First.Name, hash), BlobLayout.Voxels(Second.Name, hash), cancellation);
        await Blobs.WriteJsonAsync(BlobLayout.DatasetManifest(Second.Name, Second.Version), Second, DomainJson.Readable, cancellation: cancellation);
    }

    private async Task CopyAsync(string from, string to, CancellationToken cancellation)
    {
        await using var content = await Blobs.OpenReadAsync(from, cancellation);
        await Blobs.WriteAsync(to, content, cancellation: cancellation);
    }
}
