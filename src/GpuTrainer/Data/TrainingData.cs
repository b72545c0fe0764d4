using System.Collections.Concurrent;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Data;

/// <summary>The cases of a run's dataset versions, and which task each of them is annotated for.</summary>
public sealed class TrainingData
{
    private readonly ConcurrentDictionary<(string Dataset, string Task), Foreground> _foreground = [];
    private readonly ConcurrentDictionary<string, Foreground> _union = [];

    public TrainingData(LabelSpace space, IReadOnlyList<DatasetManifest> datasets)
    {
        Space = space;
        Datasets = datasets;
        Annotations = new AnnotationMatrix(space, datasets);
    }

    public LabelSpace Space { get; }
    public IReadOnlyList<DatasetManifest> Datasets { get; }
    public AnnotationMatrix Annotations { get; }

    public IReadOnlyList<CaseReference> Unlabelled => [.. Datasets.SelectMany(d => d.Unlabelled.Select(c => new CaseReference(d, c)))];

    /// <summary>
    /// What stage 2 takes for unlabelled. Where no image is, the labelled training cases: they still say something of the
    /// tasks that they are not annotated for.
    /// </summary>
    public IReadOnlyList<CaseReference> Stage2Images => Unlabelled is { Count: > 0 } unlabelled ? unlabelled : In(Split.Training);

    public IReadOnlyList<CaseReference> In(Split split) => [.. Datasets.SelectMany(d => d.In(split).Select(c => new CaseReference(d, c)))];

    /// <summary>The active tasks that a case is annotated for, in the order of their columns.</summary>
    public IReadOnlyList<SegmentationTask> TasksOf(CaseReference labelled) =>
        [.. Space.ActiveTasks.Where(task => Annotations.Annotates(labelled.Dataset.Name, task.Id))];

    /// <summary>What of a case's label is foreground of a task; the same object for every case of a dataset.</summary>
    public Foreground ForegroundOf(CaseReference labelled, SegmentationTask task) =>
        _foreground.GetOrAdd((labelled.Dataset.Name, task.Id), key => new Foreground(Annotations.ValuesOf(key.Dataset, key.Task)));

    /// <summary>What of a case's label is foreground of any active task.</summary>
    public Foreground UnionOf(CaseReference labelled) =>
        _union.GetOrAdd(labelled.Dataset.Name, dataset => new Foreground([.. TasksOf(labelled).SelectMany(task => Annotations.ValuesOf(dataset, task.Id)).Distinct()]));

    /// <exception cref="DomainException">A dataset version is not in the store, or is not what its name says.</exception>
    public static async Task<TrainingData> LoadAsync(IBlobStore store, LabelSpace space, IEnumerable<DatasetVersion> versions, CancellationToken cancellation)
    {
        var datasets = new List<DatasetManifest>();
        foreach (var version in versions)
            if (await LoadAsync(store, version, cancellation) is { Cases.Count: > 0 } dataset)
                datasets.Add(dataset); // withdrawals may leave one without cases: nothing could be planned from it
        return new TrainingData(space, datasets);
    }

    private static async Task<DatasetManifest> LoadAsync(IBlobStore store, DatasetVersion version, CancellationToken cancellation)
    {
        var path = BlobLayout.DatasetManifest(version.Name, version.Version);
        try
        {
            return await store.ReadJsonAsync<DatasetManifest>(path, DomainJson.Readable, cancellation);
        }
        catch (BlobNotFoundException e)
        {
            throw new DomainException($"Dataset version {version} is not in the store: there is no '{path}'. Drop the dataset again.", e);
        }
    }
}
