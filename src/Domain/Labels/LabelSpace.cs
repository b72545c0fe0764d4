using System.Text.Json.Serialization;

namespace VerSemi.Domain.Labels;

/// <summary>
/// All tasks that a model line knows, in the order of their columns. Immutable and growth-only: a change is a new
/// version. A model of version v answers every task of v exactly as before after growth to v+1.
/// </summary>
public sealed record LabelSpace(int Version, IReadOnlyList<SegmentationTask> Tasks)
{
    public static LabelSpace Empty { get; } = new(0, []);

    /// <summary>Identity by content: in every checkpoint, manifest and metric.</summary>
    [JsonIgnore]
    public string Hash => ContentHash.Of(Tasks);

    /// <summary>Prompt columns in use, merged tasks included: the width of the network's prompt.</summary>
    [JsonIgnore]
    public int Columns => Tasks.Count;

    /// <summary>Tasks that are trained, evaluated and shown: all but the merged ones.</summary>
    [JsonIgnore]
    public IEnumerable<SegmentationTask> ActiveTasks => Tasks.Where(task => task.MergedInto is null);

    /// <summary>The task with this id, followed through merges; null where the space does not know it.</summary>
    public SegmentationTask? Find(string taskId)
    {
        var task = Tasks.FirstOrDefault(t => t.Id == taskId);
        return task?.MergedInto is { } target ? Find(target) : task;
    }

    public SegmentationTask Require(string taskId) => Find(taskId) ?? throw new DomainException(
        $"Task '{taskId}' is not in label space v{Version}. It knows: {string.Join(", ", ActiveTasks.Select(t => t.Id))}.");

    /// <summary>The next version, with a column for each task that is new; this one where none is.</summary>
    public LabelSpace Grow(IEnumerable<(string Id, string Name, string Modality)> declared)
    {
        var tasks = Tasks.ToList();
        foreach (var (id, name, modality) in declared)
            if (tasks.All(task => task.Id != id))
                tasks.Add(new SegmentationTask(id, name, modality, tasks.Count));
        return tasks.Count == Tasks.Count ? this : new LabelSpace(Version + 1, tasks);
    }

    /// <summary>The next version, in which <paramref name="from"/> is only another name of <paramref name="into"/>.</summary>
    public LabelSpace Merge(string from, string into)
    {
        var source = Require(from);
        var target = Require(into);
        if (source.Id == target.Id)
            throw new DomainException($"Task '{from}' and task '{into}' are the same task already. Nothing to merge.");
        return new LabelSpace(Version + 1, Tasks.Select(task => task.Id == source.Id ? task with { MergedInto = target.Id } : task).ToList());
    }
}
