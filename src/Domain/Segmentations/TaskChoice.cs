using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;

namespace VerSemi.Domain.Segmentations;

/// <summary>Which modality an image is read as, and which tasks are asked of it.</summary>
public static class TaskChoice
{
    /// <exception cref="DomainException">The model does not know it, or knows several and none was asked for.</exception>
    public static string ModalityOf(ModelManifest model, string? asked)
    {
        var known = model.Preprocessing.Select(rule => rule.Modality).ToList();
        if (asked is null)
            return known.Count == 1 ? known[0] : throw new DomainException($"The model knows several modalities: {string.Join(", ", known)}. Say which the image is as its modality.");
        return known.FirstOrDefault(modality => modality.Equals(asked, StringComparison.OrdinalIgnoreCase))
            ?? throw new DomainException($"The modality '{asked}' is not known: the model knows {string.Join(", ", known)}.");
    }

    /// <summary>None named: every active task that was annotated on this modality.</summary>
    /// <exception cref="DomainException">A name means no task, or several.</exception>
    public static IReadOnlyList<SegmentationTask> Choose(ModelManifest model, IReadOnlyList<string> names, string modality)
    {
        var active = model.LabelSpace.ActiveTasks.ToList();
        if (names.Count > 0)
            return [.. names.Select(name => Find(active, model.LabelSpace, name)).Distinct()];
        var native = active.Where(task => task.Modality == modality).ToList();
        return native.Count > 0 ? native : active;
    }

    private static SegmentationTask Find(List<SegmentationTask> active, LabelSpace space, string name)
    {
        if (space.Find(name) is { } byId)
            return byId;
        var byName = active.Where(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || task.Id.EndsWith($"/{name}", StringComparison.OrdinalIgnoreCase)).ToList();
        return byName.Count switch
        {
            1 => byName[0],
            0 => throw new DomainException($"The task '{name}' is not known: the model knows {string.Join(", ", active.Select(task => task.Id))}."),
            _ => throw new DomainException($"The task '{name}' may be {string.Join(" or ", byName.Select(task => task.Id))}: give the id."),
        };
    }
}
