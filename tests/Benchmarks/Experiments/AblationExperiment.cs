namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 2: the recipe with one part of the method changed at a time.</summary>
internal sealed class AblationExperiment : Experiment
{
    public override string Name => "ablation";
    public override string Title => "Ablation";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) =>
        Cross([Pools.Phantoms(Pools.FewOfPhantom), Pools.Hippocampus(4)], [Methods.VerSemi, .. Methods.Ablations], seeds);

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results) =>
        results.GroupBy(r => r.Data).SelectMany(data => (string[])["", $"**{data.Key}**", "", .. Table([.. data], Methods.VerSemi)]);
}
