using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Promotion;

namespace VerSemi.Benchmarks.Experiments;

/// <summary>
/// Experiment 4 (A/A): the same recipe on the same data from ten seeds. Each pair is judged as if the earlier seed were
/// the champion and the later one the candidate: whatever is promoted is promoted by chance.
/// </summary>
internal sealed class SameAgainExperiment : Experiment
{
    /// <summary>The policy's own first.</summary>
    private static readonly double[] MinimumGains = [new PromotionPolicy().MinimumGain, 0.02, 0.03, 0.05];

    public override string Name => "same-again";
    public override string Title => "A/A: how often chance promotes";

    public override IReadOnlyList<int> Seeds => [.. Enumerable.Range(1, 10)];

    public override IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds) =>
        Cross([Pools.Phantoms(Pools.AllOfPhantom), Pools.Hippocampus(10)], [Methods.VerSemi], seeds);

    public override IEnumerable<string> Report(IReadOnlyList<ArmResult> results)
    {
        yield return "";
        yield return "| data | mean Dice | minimum gain | pairs | promoted | share (95 % interval) | a person asked | rejected |";
        yield return "|---|---|---|---|---|---|---|---|";
        foreach (var data in results.GroupBy(r => r.Data))
            foreach (var gain in MinimumGains)
                yield return $"| {data.Key} | {Spread.Of(data.Select(r => r.MeanDice))} | {gain:0.00} {Row([.. Pairs([.. data.OrderBy(r => r.Seed).Select(r => r.Report)]).Select(pair => Judge(pair, gain))])}";
    }

    private static string Row(IReadOnlyList<Decision> decisions)
    {
        int Of(Decision decision) => decisions.Count(d => d == decision);
        var (low, high) = Interval(Of(Decision.Promote), decisions.Count);
        return $"| {decisions.Count} | {Of(Decision.Promote)} | {(double)Of(Decision.Promote) / decisions.Count:0.0%} ({low:0.0%} – {high:0.0%}) | {Of(Decision.NeedsApproval)} | {Of(Decision.Reject)} |";
    }

    private static IEnumerable<(EvaluationReport Champion, EvaluationReport Candidate)> Pairs(IReadOnlyList<EvaluationReport> reports) =>
        from i in Enumerable.Range(0, reports.Count) from j in Enumerable.Range(i + 1, reports.Count - i - 1) select (reports[i], reports[j]);

    private static Decision Judge((EvaluationReport Champion, EvaluationReport Candidate) pair, double minimumGain)
    {
        var space = LabelSpace.Empty.Grow(pair.Candidate.Tasks.Select(task => (task, task, "any")));
        return new PromotionPolicy(MinimumGain: minimumGain).Judge(pair.Candidate, pair.Champion, space).Decision;
    }

    /// <summary>Of a share, by Wilson's score (1927). The pairs share models, so that it is somewhat too narrow.</summary>
    private static (double Low, double High) Interval(int hits, int n)
    {
        const double z = 1.96;
        var (p, z2) = ((double)hits / n, z * z / n);
        var (centre, half) = (p + z2 / 2, z * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n)));
        return ((centre - half) / (1 + z2), (centre + half) / (1 + z2));
    }
}
