namespace VerSemi.Benchmarks.Experiments;

/// <summary>Experiment 3: a champion of three tasks learns a fourth. What happens to the three?</summary>
/// <param name="before">Data of the champion: three of the four datasets.</param>
/// <param name="after">All four.</param>
internal sealed class GrowthExperiment(string name, string title, string before, string after, IReadOnlyList<string> modes) : Experiment
{
    public static GrowthExperiment OfPhantoms { get; } = new(
        "growth", "Growth from three tasks to four", Pools.ThreePhantoms(Pools.AllOfPhantom), Pools.Phantoms(Pools.AllOfPhantom), Methods.Growth);

    /// <summary>The smallest target comes last. Joint alone: the other modes are compared on the phantoms.</summary>
    public static GrowthExperiment OfSizes { get; } = new(
        "growth-sizes", "Growth from three tasks to four of very different size", Pools.ThreeSizes(Pools.FewOfSizes), Pools.Sizes(Pools.FewOfSizes), [Methods.Joint]);

    public override string Name => name;
    public override string Title => title;

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) => [.. seeds.SelectMany(Of)];

    private IEnumerable<Arm> Of(int seed)
    {
        var champion = new Arm(before, Methods.VerSemi, Methods.Of(Methods.VerSemi, before), seed);
        return [champion, .. modes.Select(mode => new Arm(after, mode, Methods.Of(mode, after), seed, champion))];
    }

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results)
    {
        var champions = results.Where(r => r.Data == before).ToDictionary(r => r.Seed);
        var old = champions.Values.First().Report.Tasks.ToList();
        var added = results.First(r => r.Data == after).Report.Tasks.Except(old).Single();
        yield return "";
        yield return $"| | {string.Join(" | ", old.Select(Short))} | mean of the old | change of the old | new: {Short(added)} | s |";
        yield return $"|---|{string.Concat(old.Select(_ => "---|"))}---|---|---|---|";
        yield return Row("before", [.. champions.Values]);
        foreach (var mode in results.Where(r => r.Data == after).GroupBy(r => r.Method))
            yield return Row(mode.Key, [.. mode]);

        string Row(string name, IReadOnlyList<ArmResult> rows) =>
            $"| {name} | {string.Join(" | ", old.Select(task => Spread.Of(rows.Select(r => r.Report.MeanDice(task)))))} | **{Spread.Of(rows.Select(Old))}** | {Spread.Of(rows.Select(r => Old(r) - Old(champions[r.Seed]))).Signed}"
            + $" | {(rows[0].Report.Tasks.Contains(added) ? Spread.Of(rows.Select(r => r.Report.MeanDice(added))) : "")} | {rows.Average(r => r.Seconds):0} |";

        double Old(ArmResult result) => old.Average(result.Report.MeanDice);
    }

    private static string Short(string task) => task[(task.IndexOf('/') + 1)..];
}
