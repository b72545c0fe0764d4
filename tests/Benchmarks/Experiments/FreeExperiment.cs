namespace VerSemi.Benchmarks.Experiments;

/// <summary>Any data with any method, for trying: the first method of the list is what the others are held against.</summary>
/// <param name="arms">DATA:METHOD.</param>
internal sealed class FreeExperiment(IReadOnlyList<string> arms) : Experiment
{
    private readonly IReadOnlyList<(string Data, string Method)> _arms = [.. arms.Select(arm => arm.Split(':', 2)).Select(arm => (arm[0], arm[1]))];

    public override string Name => "arms";
    public override string Title => "Arms";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) =>
        [.. from seed in seeds from arm in _arms select new Arm(arm.Data, arm.Method, Methods.Of(arm.Method, arm.Data), seed)];

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results) =>
        results.GroupBy(r => r.Data).SelectMany(data => (string[])["", $"**{data.Key}**", "", .. Table([.. data], data.First().Method)]);
}
