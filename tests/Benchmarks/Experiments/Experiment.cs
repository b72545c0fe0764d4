namespace VerSemi.Benchmarks.Experiments;

/// <summary>A question, the trainings that answer it, and the table of the answer.</summary>
internal abstract class Experiment
{
    /// <summary>As it is named on the command line.</summary>
    public abstract string Name { get; }

    public abstract string Title { get; }

    /// <summary>Where the command names none.</summary>
    public virtual IReadOnlyList<int> Seeds => [1, 2, 3];

    public abstract IReadOnlyList<Arm> Arms(IReadOnlyList<int> seeds);

    /// <summary>Markdown below the title.</summary>
    public abstract IEnumerable<string> Report(IReadOnlyList<ArmResult> results);

    protected static IReadOnlyList<Arm> Cross(IEnumerable<string> data, IEnumerable<string> methods, IReadOnlyList<int> seeds) =>
        [.. from seed in seeds from pool in data from method in methods select new Arm(pool, method, Methods.Of(method, pool), seed)];

    /// <summary>A row a method, a column a task, each the mean ± standard deviation over seeds, and the paired difference of the means to one of them.</summary>
    protected static IEnumerable<string> Table(IReadOnlyList<ArmResult> results, string baseline)
    {
        var tasks = results[0].Report.Tasks.ToList();
        var reference = results.Where(r => r.Method == baseline).ToDictionary(r => r.Seed, r => r.MeanDice); // empty where --methods leaves it out
        yield return $"| | {string.Join(" | ", tasks.Select(task => task[(task.IndexOf('/') + 1)..]))} | mean | against {baseline} | steps | s |";
        yield return $"|---|{string.Concat(Enumerable.Repeat("---|", tasks.Count))}---|---|---|---|";
        foreach (var method in results.GroupBy(r => r.Method))
        {
            var cells = tasks.Select(task => Spread.Of(method.Select(r => r.Report.MeanDice(task))).ToString());
            var difference = method.Key == baseline || method.Any(r => !reference.ContainsKey(r.Seed)) ? "" : Spread.Of(method.Select(r => r.MeanDice - reference[r.Seed])).Signed;
            yield return $"| {method.Key} | {string.Join(" | ", cells)} | **{Spread.Of(method.Select(r => r.MeanDice))}** | {difference} | {method.Average(r => r.Steps):0} | {method.Average(r => r.Seconds):0} |";
        }
    }
}

/// <summary>Mean ± standard deviation (n − 1).</summary>
internal sealed record Spread(double Mean, double Deviation)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var all = values.ToList();
        var mean = all.Average();
        return new Spread(mean, all.Count > 1 ? Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Count - 1)) : 0);
    }

    public string Signed => $"{Mean:+0.000;-0.000;0.000} ± {Deviation:0.000}";
    public override string ToString() => $"{Mean:0.000} ± {Deviation:0.000}";
}
