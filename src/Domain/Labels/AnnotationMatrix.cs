using VerSemi.Domain.Catalogue;

namespace VerSemi.Domain.Labels;

/// <summary>
/// Which dataset annotates which task. Missing is not background: a task's loss, sampling and evaluation read only
/// volumes of datasets that annotate it.
/// </summary>
public sealed class AnnotationMatrix(LabelSpace space, IEnumerable<DatasetManifest> datasets)
{
    private readonly Dictionary<string, Dictionary<string, int[]>> _valuesOf = datasets.ToDictionary(
        dataset => dataset.Name,
        dataset => dataset.Labels.GroupBy(label => space.Require(label.TaskId).Id)
            .ToDictionary(task => task.Key, task => task.Select(label => label.Value).Order().ToArray()));

    public LabelSpace Space => space;

    /// <summary>Ids of the active tasks that this dataset annotates.</summary>
    public IReadOnlyCollection<string> TasksOf(string dataset) => Row(dataset).Keys;

    public bool Annotates(string dataset, string taskId) => Row(dataset).ContainsKey(space.Require(taskId).Id);

    /// <summary>
    /// The voxel values that mean this task in the dataset's label files, ascending: several where its labels were
    /// merged into one task, none where the dataset does not annotate it.
    /// </summary>
    public IReadOnlyList<int> ValuesOf(string dataset, string taskId) => Row(dataset).GetValueOrDefault(space.Require(taskId).Id, []);

    private Dictionary<string, int[]> Row(string dataset) => _valuesOf.TryGetValue(dataset, out var row) ? row : throw new DomainException(
        $"Dataset '{dataset}' is not among those of this run: {string.Join(", ", _valuesOf.Keys)}.");
}
