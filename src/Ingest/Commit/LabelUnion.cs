using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Ingest.Drops;

namespace VerSemi.Ingest.Commit;

/// <summary>
/// What a dataset's label values mean after a drop. Within a dataset every labelled case is annotated for every task of
/// it: a structure that nobody drew is not background.
/// </summary>
internal static class LabelUnion
{
    /// <exception cref="DropRefusedException">The drop and the last version contradict each other.</exception>
    public static IReadOnlyList<LabelDeclaration> Of(DatasetManifest? previous, DropPlan plan)
    {
        if (previous is null || previous.Labels.Count == 0)
            return plan.Labels;
        if (plan.Labels.Count == 0)
            return previous.Labels;
        CheckMeanings(previous, plan);
        var (before, now) = (Values(previous.Labels), Values(plan.Labels));
        if (!plan.Cases.Any(planned => planned.Label is not null))
            return previous.Labels;
        if (!before.SetEquals(now))
            CheckNoneStays(previous, plan);
        return [.. plan.Labels.Select(label => previous.Labels.FirstOrDefault(known => known.Value == label.Value) ?? label)];
    }

    private static void CheckMeanings(DatasetManifest previous, DropPlan plan)
    {
        var conflicts = from label in plan.Labels
                        join known in previous.Labels on label.Value equals known.Value
                        where known.TaskId != label.TaskId
                        select $"Label {label.Value} means '{label.TaskId}' in this drop, but '{known.TaskId}' in dataset '{previous.Name}' ({previous.Version}). Keep the meaning, or give the drop another 'name'.";
        if (conflicts.ToList() is { Count: > 0 } reasons)
            throw new DropRefusedException(reasons);
    }

    private static void CheckNoneStays(DatasetManifest previous, DropPlan plan)
    {
        var again = plan.Cases.Where(planned => planned.Label is not null).Select(planned => planned.Id).ToHashSet();
        var staying = previous.Cases.Where(entry => entry.Label is not null && !again.Contains(entry.Id)).Select(entry => entry.Id).ToList();
        if (staying.Count > 0)
            throw new DropRefusedException(
                $"This drop annotates {Names(plan.Labels)}, but dataset '{previous.Name}' ({previous.Version}) annotates {Names(previous.Labels)}, in {staying.Count} cases that are not in this drop ({string.Join(", ", staying.Take(5))}{(staying.Count > 5 ? ", …" : "")}). " +
                "What was not drawn is not background: annotate the same structures in all of them, or give the drop another 'name'.");
    }

    private static HashSet<int> Values(IEnumerable<LabelDeclaration> labels) => [.. labels.Select(label => label.Value)];

    private static string Names(IEnumerable<LabelDeclaration> labels) => string.Join(", ", labels.Select(label => $"'{label.TaskId}'"));
}
