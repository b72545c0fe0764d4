namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 1: what unlabelled images are worth, and to whom.</summary>
internal sealed class MethodsExperiment : Experiment
{
    public override string Name => "methods";
    public override string Title => "Labelled only, mean teacher, VerSemi";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) =>
        Cross([Pools.Phantoms(Pools.FewOfPhantom), Pools.Hippocampus(4), Pools.Hippocampus(2), Pools.Hippocampus(10)], [Methods.LabelledOnly, Methods.MeanTeacher, Methods.VerSemi], seeds);

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results) =>
        results.GroupBy(r => r.Data).SelectMany(data => (string[])["", $"**{data.Key}**", "", .. Table([.. data], Methods.LabelledOnly)]);
}
