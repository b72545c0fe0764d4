using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>Training and evaluation without the workflow, for research: dataset versions in a blob store, one attempt, no lease.</summary>
public static class LocalTraining
{
    private const int Attempt = 1;

    /// <summary>A run over the newest versions of some datasets (none named: of all), in a label space of their tasks. The same content has the same id.</summary>
    public static async Task<RunSpecification> SpecifyAsync(IBlobStore store, IReadOnlyList<string> datasets, TrainingRecipe recipe, int seed, CancellationToken cancellation)
    {
        var manifests = new List<DatasetManifest>();
        foreach (var name in datasets.Count > 0 ? datasets : [.. (await store.ListFoldersAsync(BlobLayout.Datasets, cancellation)).Where(PathSegment.Is)])
        {
            var head = await store.TryReadJsonAsync<DatasetHead>(BlobLayout.DatasetHead(name), DomainJson.Readable, cancellation)
                ?? throw new DomainException($"There is no dataset '{name}' in the store. Known: {string.Join(", ", await store.ListFoldersAsync(BlobLayout.Datasets, cancellation))}.");
            manifests.Add(await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(name, head.Value.Version), DomainJson.Readable, cancellation));
        }
        return Specify(manifests, recipe, seed);
    }

    /// <param name="manifests">Dataset versions that lie in the store.</param>
    public static RunSpecification Specify(IReadOnlyList<DatasetManifest> manifests, TrainingRecipe recipe, int seed)
    {
        var space = LabelSpace.Empty.Grow(manifests.SelectMany(m => m.Labels.Select(label => (label.TaskId, label.Name, m.Modality))));
        var versions = manifests.Select(m => new DatasetVersion(m.Name, m.Version)).ToList();
        var id = ContentHash.Abbreviate(ContentHash.Of(new { versions, space = space.Hash, recipe = recipe.Hash, seed }));
        return new RunSpecification { Run = $"local-{id}", Line = "local", LabelSpace = space, Datasets = versions, Recipe = recipe, Seed = seed };
    }

    /// <summary>Trains, or goes on where an earlier call was interrupted. The model lies in <see cref="ModelOf"/>.</summary>
    /// <param name="cancellation">Stops after the step, with a checkpoint.</param>
    public static Task<TrainingResult> TrainAsync(
        RunSpecification run, IBlobStore store, TrainerOptions options, Action<RunProgress>? progress, Action<string>? note, CancellationToken cancellation) =>
        OnThread(() => new Trainer(run, Attempt, store, options, progress, note).Run(cancellation, CancellationToken.None));

    public static string ModelOf(RunSpecification run) => BlobLayout.AttemptModel(run.Run, Attempt);

    /// <param name="modelFolder">In the store: <see cref="ModelOf"/> or <see cref="BlobLayout.Model"/>.</param>
    /// <param name="inference">Null: as the model's recipe says.</param>
    public static Task<EvaluationReport> EvaluateAsync(
        RunSpecification run, IBlobStore store, string modelFolder, Split split, TrainerOptions options, InferenceOptions? inference, Action<int, int>? progress, CancellationToken cancellation) =>
        OnThread(() =>
        {
            var data = TrainingData.LoadAsync(store, run.LabelSpace, run.Datasets, cancellation).GetAwaiter().GetResult();
            using var segmenter = Segmenter.LoadAsync(store, modelFolder, options, inference, cancellation).GetAwaiter().GetResult();
            return new Evaluator(store, data, progress).Evaluate(segmenter, modelFolder.TrimEnd('/'), split, cancellation);
        });

    private static Task<T> OnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
