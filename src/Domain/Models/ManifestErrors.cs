using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Models;

/// <summary>Faults of a model.json that came from outside: nothing in it is believed before.</summary>
public static class ManifestErrors
{
    // Values arrive from JSON, where a member may be null whatever its type says.
    /// <summary>Every fault, each naming the member and its value; empty where the description is sound.</summary>
    public static IEnumerable<string> Of(ModelManifest manifest)
    {
        if (manifest is not { LabelSpace.Tasks: { } tasks, Recipe: { Patch: not null, Name: not null, FlipAxes: not null, AugmentationRanges: not null } recipe, Preprocessing: { } rules, Lineage: { Run: not null, Datasets: not null } lineage, Weights: not null, Terms: not null, Temperatures: { } temperatures })
            return ["it leaves out, or gives as null, one of labelSpace.tasks, recipe, preprocessing, lineage.run, lineage.datasets, weights, terms, temperatures"];
        return [.. Tasks(tasks), .. recipe.Validate(), .. Rules(rules), .. Lineage(lineage), .. Temperatures(temperatures)];
    }

    private static IEnumerable<string> Tasks(IReadOnlyList<Labels.SegmentationTask> tasks)
    {
        if (tasks.Count is 0 or > 10_000)
            yield return $"labelSpace has {tasks.Count} tasks; allowed: 1…10000";
        for (var column = 0; column < tasks.Count; column++)
            if (tasks[column] is not { Id: { } id, Name: not null, Modality: not null } task)
                yield return $"labelSpace.tasks[{column}] leaves out its id, name or modality";
            else if (!Slug.IsTaskId(id) || task.Column != column || tasks.Count(other => other?.Id == id) > 1)
                yield return $"labelSpace.tasks[{column}] is '{Cut(id)}' in column {task.Column}; allowed: dataset/label once, in the column of its place";
            else if (task.MergedInto is { } target && (target == id || tasks.All(other => other?.Id != target)))
                yield return $"labelSpace.tasks[{column}] is merged into '{Cut(target)}', which is no other task of it";
    }

    private static IEnumerable<string> Rules(IReadOnlyList<ModalityPreprocessing> rules)
    {
        if (rules.Count == 0)
            yield return "preprocessing is empty; at least one modality";
        foreach (var rule in rules)
            if (rule is not { Modality.Length: > 0, Spacing.Count: 3 } || !Enum.IsDefined(rule.Rule) || rule.Spacing.Any(side => side is not (> 0 and <= 100))
                || !double.IsFinite(rule.Low) || !double.IsFinite(rule.High) || !double.IsFinite(rule.Mean) || rule.StandardDeviation is not (> 0 and < double.PositiveInfinity)
                || (rule.Rule != IntensityRule.None && rule.Low >= rule.High))
                yield return $"preprocessing of '{Cut(rule?.Modality ?? "null")}' has a spacing, bound, mean or deviation that no image can have";
    }

    private static IEnumerable<string> Temperatures(IReadOnlyDictionary<string, TaskTemperatures> temperatures) =>
        temperatures.Where(entry => entry.Value is not { Inside: >= 0.01 and <= 100, Outside: >= 0.01 and <= 100 })
            .Select(entry => FormattableString.Invariant($"temperatures gives '{Cut(entry.Key)}' {entry.Value?.Inside} and {entry.Value?.Outside}; allowed: 0.01…100"));

    /// <summary>They become parts of paths and addresses.</summary>
    private static IEnumerable<string> Lineage(ModelLineage lineage)
    {
        if (!IsSegment(lineage.Run))
            yield return $"lineage.run is '{Cut(lineage.Run)}'; allowed: up to 100 lower-case letters, digits and single '-'";
        if (lineage.Parent is { } parent && !IsPair(parent))
            yield return $"lineage.parent is '{Cut(parent)}'; allowed: line/version";
        foreach (var dataset in lineage.Datasets)
            if (dataset is null || !IsPair(dataset))
                yield return $"lineage.datasets has '{Cut(dataset ?? "null")}'; allowed: name/version";
    }

    /// <summary>"name/version".</summary>
    private static bool IsPair(string text) => text.Split('/') is [var name, var version] && IsSegment(name) && IsSegment(version);

    private static bool IsSegment(string text) => text.Length <= 100 && Slug.Is(text);

    private static string Cut(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
