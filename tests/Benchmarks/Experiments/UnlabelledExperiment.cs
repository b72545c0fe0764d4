namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 6: what each way to learn from unlabelled images is worth above labelled images with augmentation.</summary>
internal sealed class UnlabelledExperiment : Experiment
{
    private static readonly int[] Labels = [2, 4, 10];

    public override string Name => "unlabelled";
    public override string Title => "Ways to learn from unlabelled images, all with augmentation";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) =>
        Cross([.. Labels.Select(Pools.Hippocampus), .. Labels.Select(Pools.Sizes)], [Methods.LabelledOnly, Methods.LabelledLonger, .. Methods.Unlabelled], seeds);

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results) =>
        results.GroupBy(r => r.Data).SelectMany(data => (string[])["", $"**{data.Key}**", "", .. Table([.. data], Methods.LabelledOnly)]);
}
