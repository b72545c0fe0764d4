namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 3: a champion of three tasks learns a fourth, in each of the modes of growth. What happens to the three?</summary>
internal sealed class GrowthExperiment : Experiment
{
    private static readonly string Before = Pools.ThreePhantoms(Pools.AllOfPhantom);
    private static readonly string After = Pools.Phantoms(Pools.AllOfPhantom);

    public override string Name => "growth";
    public override string Title => "Growth from three tasks to four";

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) => [.. seeds.SelectMany(Of)];

    private static IEnumerable<Arm> Of(int seed)
    {
        var champion = new Arm(Before, Methods.VerSemi, Methods.Of(Methods.VerSemi, Before), seed);
        return [champion, .. Methods.Growth.Select(mode => new Arm(After, mode, Methods.Of(mode, After), seed, champion))];
    }

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results)
    {
        var before = results.Where(r => r.Data == Before).ToDictionary(r => r.Seed);
        var old = before.Values.First().Report.Tasks.ToList();
        var added = results.First(r => r.Data == After).Report.Tasks.Except(old).Single();
        yield return "";
        yield return $"| | {string.Join(" | ", old.Select(Short))} | mean of the old | change of the old | new: {Short(added)} | s |";
        yield return $"|---|{string.Concat(old.Select(_ => "---|"))}---|---|---|---|";
        yield return Row("before", [.. before.Values]);
        foreach (var mode in results.Where(r => r.Data == After).GroupBy(r => r.Method))
            yield return Row(mode.Key, [.. mode]);

        string Row(string name, IReadOnlyList<ArmResult> rows) =>
            $"| {name} | {string.Join(" | ", old.Select(task => Spread.Of(rows.Select(r => r.Report.MeanDice(task)))))} | **{Spread.Of(rows.Select(Old))}** | {Spread.Of(rows.Select(r => Old(r) - Old(before[r.Seed]))).Signed}"
            + $" | {(rows[0].Report.Tasks.Contains(added) ? Spread.Of(rows.Select(r => r.Report.MeanDice(added))) : "")} | {rows.Average(r => r.Seconds):0} |";

        double Old(ArmResult result) => old.Average(result.Report.MeanDice);
    }

    private static string Short(string task) => task[(task.IndexOf('/') + 1)..];
}
