using VerSemi.Domain.Catalogue;

namespace VerSemi.Domain.Labels;

/// <summary>
/// Which dataset annotates which task. Missing is not background: a task's loss, sampling and evaluation read only
/// volumes of datasets that annotate it.
/// </summary>
public sealed class AnnotationMatrix(LabelSpace space, IEnumerable<DatasetManifest> datasets)
{
    private readonly Dictionary<string, Dictionary<string, int>> _valueOf = datasets.ToDictionary(
        dataset => dataset.Name,
        dataset => dataset.Labels.GroupBy(label => space.Require(label.TaskId).Id).ToDictionary(group => group.Key, group => group.First().Value));

    public LabelSpace Space => space;

    /// <summary>Ids of the active tasks that this dataset annotates.</summary>
    public IReadOnlyCollection<string> TasksOf(string dataset) => _valueOf[dataset].Keys;

    public bool Annotates(string dataset, string taskId) => _valueOf[dataset].ContainsKey(space.Require(taskId).Id);

    /// <summary>The voxel value that means this task in the dataset's label files; null where the dataset does not annotate it.</summary>
    public int? ValueOf(string dataset, string taskId) =>
        _valueOf[dataset].TryGetValue(space.Require(taskId).Id, out var value) ? value : null;
}
