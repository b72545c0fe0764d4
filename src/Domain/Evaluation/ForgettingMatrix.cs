namespace VerSemi.Domain.Evaluation;

/// <summary>
/// Tasks × model generations: Dice on sealed cases, and what the newest model has forgotten. Sealed sets grow with the
/// data, so a generation is compared with the newest one only on the cases that both were scored on, by dataset and
/// case; a generation that has none of them is shown and not compared.
/// </summary>
/// <param name="Models">The columns, oldest first; the last is the one that the others are compared with.</param>
/// <param name="Tasks">The rows, in the order in which tasks first occur.</param>
/// <param name="Forgetting">Mean over the tasks that have one; null where none has.</param>
/// <param name="BackwardTransfer">Mean over the tasks that have one; null where none has.</param>
public sealed record ForgettingMatrix(IReadOnlyList<string> Models, IReadOnlyList<TaskHistory> Tasks, double? Forgetting, double? BackwardTransfer)
{
    /// <param name="generations">Oldest first, the newest (or the candidate) last; each model once.</param>
    /// <exception cref="DomainException">No report, or a report that scores a task twice on one case.</exception>
    public static ForgettingMatrix Of(IReadOnlyList<EvaluationReport> generations)
    {
        if (generations.Count == 0)
            throw new DomainException("A forgetting matrix needs the report of at least one model. Evaluate a model first.");
        var tasks = generations.SelectMany(report => report.Tasks).Distinct().Select(task => TaskHistory.Of(task, generations)).ToList();
        return new ForgettingMatrix(
            [.. generations.Select(report => report.Model)], tasks, tasks.Average(task => task.Forgetting), tasks.Average(task => task.BackwardTransfer));
    }
}

/// <summary>One task through the generations.</summary>
/// <param name="Cells">One a model; null where it was not scored on the task.</param>
/// <param name="Forgetting">
/// Best earlier Dice − Dice now, the largest over earlier generations (Chaudhry et al., "Riemannian Walk", ECCV 2018);
/// negative where the newest is better than all before. Null where no earlier generation compares.
/// </param>
/// <param name="BackwardTransfer">
/// Dice now − Dice when the task was first known (Lopez-Paz, Ranzato, "Gradient Episodic Memory", NeurIPS 2017). Null
/// where that generation does not compare, or is the newest.
/// </param>
public sealed record TaskHistory(string Task, IReadOnlyList<ForgettingCell?> Cells, double? Forgetting, double? BackwardTransfer)
{
    internal static TaskHistory Of(string task, IReadOnlyList<EvaluationReport> generations)
    {
        var newest = Scores(generations[^1], task);
        List<ForgettingCell?> cells = [.. generations.Select(report => ForgettingCell.Of(Scores(report, task), newest))];
        var earlier = cells.SkipLast(1).OfType<ForgettingCell>().ToList();
        return new TaskHistory(task, cells, -earlier.Min(cell => cell.Change), earlier.FirstOrDefault()?.Change);
    }

    private static Dictionary<(string Dataset, string Case), double> Scores(EvaluationReport report, string task)
    {
        var scores = new Dictionary<(string, string), double>();
        foreach (var score in report.Scores.Where(score => score.Task == task))
            if (!scores.TryAdd((score.Dataset, score.Case), score.Dice))
                throw new DomainException($"{report.Model} scores task '{task}' on {score.Dataset}/{score.Case} twice. Evaluate it again.");
        return scores;
    }
}

/// <summary>One model on one task.</summary>
/// <param name="Dice">Mean over its own cases: next to another cell only a comparison where the cases are the same.</param>
/// <param name="Cases">How many those are.</param>
/// <param name="Common">How many of them the newest model was scored on too.</param>
/// <param name="Change">The newest model's mean Dice − this one's, on the common cases; null where there is none.</param>
public sealed record ForgettingCell(double Dice, int Cases, int Common, double? Change)
{
    internal static ForgettingCell? Of(Dictionary<(string Dataset, string Case), double> own, Dictionary<(string Dataset, string Case), double> newest)
    {
        if (own.Count == 0)
            return null;
        var changes = own.Where(score => newest.ContainsKey(score.Key)).Select(score => newest[score.Key] - score.Value).ToList();
        return new ForgettingCell(own.Values.Average(), own.Count, changes.Count, changes.Count == 0 ? null : changes.Average());
    }
}
