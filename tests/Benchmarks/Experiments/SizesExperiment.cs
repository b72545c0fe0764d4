namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 5: four targets from 4 % down to 0.07 % of the volume, a dataset each: what one Dice sums over.</summary>
internal sealed class SizesExperiment : Experiment
{
    public override string Name => "sizes";
    public override string Title => "Targets of very different size";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) =>
        Cross([Pools.Sizes(Pools.FewOfSizes)], [Methods.VerSemi, Methods.OverSample, Methods.OverBatch, Methods.NotAugmented], seeds);

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results) => ["", .. Table(results, Methods.VerSemi)];
}
