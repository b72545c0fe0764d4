using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;

namespace VerSemi.Domain.Promotion;

/// <summary>Dice of both models on one task, case by case in one order.</summary>
/// <param name="IsNew">The champion does not know the task, or there is none.</param>
/// <param name="Champion">Empty where the task is new.</param>
internal sealed record PairedScores(string Task, bool IsNew, IReadOnlyList<double> Candidate, IReadOnlyList<double> Champion)
{
    public IReadOnlyList<double> Differences => Candidate.Zip(Champion, (mine, its) => mine - its).ToList();

    public static List<PairedScores> Of(EvaluationReport candidate, EvaluationReport? champion, LabelSpace space, LabelSpace? championSpace)
    {
        if (champion is not null && champion.CasesHash != candidate.CasesHash)
            throw new DomainException(
                $"{candidate.Model} was evaluated on cases {ContentHash.Abbreviate(candidate.CasesHash)}, {champion.Model} on "
                + $"{ContentHash.Abbreviate(champion.CasesHash)}: they do not compare. Evaluate both on the same sealed cases.");
        return space.ActiveTasks.Select(task => Of(
            task.Id, candidate, champion, champion is null || (championSpace is null ? !champion.Tasks.Contains(task.Id) : championSpace.Find(task.Id) is null))).ToList();
    }

    private static PairedScores Of(string task, EvaluationReport candidate, EvaluationReport? champion, bool isNew)
    {
        var mine = Scores(candidate, task);
        if (isNew)
            return new PairedScores(task, true, [.. mine.Values], []);
        var its = Scores(champion!, task);
        foreach (var (report, missing) in new[] { (champion!, mine.Keys.Except(its.Keys)), (candidate, its.Keys.Except(mine.Keys)) })
            if (missing.FirstOrDefault() is { Dataset: not null } first)
                throw new DomainException(
                    $"{report.Model} has no score of task '{task}' on {first.Dataset}/{first.Case}, its opponent has. Evaluate both on the same sealed cases.");
        return new PairedScores(task, false, [.. mine.Values], [.. its.Values]);
    }

    /// <summary>In ordinal order of dataset and case, so that the order of a report's rows decides nothing.</summary>
    private static SortedDictionary<(string Dataset, string Case), double> Scores(EvaluationReport report, string task)
    {
        var scores = new SortedDictionary<(string Dataset, string Case), double>(Comparer<(string Dataset, string Case)>.Create((a, b) =>
            string.CompareOrdinal(a.Dataset, b.Dataset) is var order && order != 0 ? order : string.CompareOrdinal(a.Case, b.Case)));
        foreach (var score in report.Scores.Where(score => score.Task == task))
            if (!double.IsFinite(score.Dice) || !scores.TryAdd((score.Dataset, score.Case), score.Dice))
                throw new DomainException(
                    $"{report.Model} scores task '{task}' on {score.Dataset}/{score.Case} {(double.IsFinite(score.Dice) ? "twice" : $"as {score.Dice}")}. Evaluate it again.");
        return scores;
    }
}
