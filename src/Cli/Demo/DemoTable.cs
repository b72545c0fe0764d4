using VerSemi.Cli.Output;
using VerSemi.Domain.Evaluation;

namespace VerSemi.Cli.Demo;

/// <summary>The demo's last page.</summary>
internal static class DemoTable
{
    private sealed record Row(string Task, int Cases, double? First, double Second, double LabelledOnly, string? Picture);

    public static void Show(Out output, DemoFacts facts, EvaluationReport labelledOnly, DemoPromise promise, IReadOnlyDictionary<string, string> pictures, TimeSpan time)
    {
        var (first, second) = (facts.FirstReport, facts.SecondReport);
        var rows = second.Tasks.Select(task => new Row(task, second.Scores.Count(score => score.Task == task),
            first.Tasks.Contains(task) ? first.MeanDice(task) : null, second.MeanDice(task), labelledOnly.MeanDice(task), pictures.GetValueOrDefault(task))).ToList();
        if (output.IsJson)
        {
            Out.Json(new { dice = rows, promises = promise.Promises.Select(p => new { p.Promise, p.Kept }), promise.MeanDice, seconds = time.TotalSeconds });
            return;
        }
        var mean = new Row("mean", rows.Sum(row => row.Cases), rows.Average(row => row.First), promise.MeanDice, rows.Average(row => row.LabelledOnly), null);
        output.Table("Dice on sealed cases", rows.Append(mean), ("task", r => r.Task), ("cases", r => r.Cases), ("first model", r => r.First),
            ("second model", r => r.Second), ("labelled data alone", r => r.LabelledOnly), ("picture", r => r.Picture));
        foreach (var (what, kept) in promise.Promises)
            output.Line($"{(kept ? "kept:  " : "BROKEN:")} {what}");
        output.Line($"Took {Out.Text(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)))}. Next: 'versemi demo --bad', or 'versemi up' and your own data.");
    }
}
