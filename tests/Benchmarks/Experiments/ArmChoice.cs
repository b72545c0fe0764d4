namespace VerSemi.Benchmarks.Experiments;

/// <summary>Which of an experiment's arms are trained, and for how long.</summary>
/// <param name="Data">Only data whose name begins with this; null: any.</param>
/// <param name="Methods">Empty: any.</param>
/// <param name="Labels">Labelled cases of a dataset; empty: any.</param>
/// <param name="Steps">Of VerSemi on each data; every other arm keeps its proportion to it. Null: the experiment's own.</param>
internal sealed record ArmChoice(string? Data, IReadOnlyList<string> Methods, IReadOnlyList<int> Labels, int? Steps)
{
    public IReadOnlyList<Arm> Of(IEnumerable<Arm> arms) =>
        [.. arms.Where(Has).Select(arm => Steps is { } steps ? arm.Scaled((double)steps / Experiments.Methods.Steps(arm.Data)) : arm)];

    private bool Has(Arm arm) =>
        (Data is null || arm.Data.StartsWith(Data, StringComparison.Ordinal))
        && (Methods.Count == 0 || Methods.Contains(arm.Method))
        && (Labels.Count == 0 || Labels.Any(labels => arm.Data.EndsWith($"-{labels}", StringComparison.Ordinal)));
}
