namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 2: the recipe with one part of the method changed at a time.</summary>
internal sealed class AblationExperiment : Experiment
{
    public override string Name => "ablation";
    public override string Title => "Ablation";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) =>
        [.. new[] { Pools.Phantoms(Pools.FewOfPhantom), Pools.Hippocampus(4) }.SelectMany(data => Cross([data], [Methods.VerSemi, .. Methods.Ablations(data)], seeds))];

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results) =>
        results.GroupBy(r => r.Data).SelectMany(data => (string[])["", $"**{data.Key}**", "", .. Table([.. data], Methods.VerSemi)]);
}
