using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;

namespace VerSemi.Domain.Promotion;

/// <summary>Dice of both models on one task, case by case in one order.</summary>
/// <param name="IsNew">The champion does not know the task or can read none of its cases, or there is none.</param>
/// <param name="Champion">Empty where the task is new.</param>
/// <param name="Unread">How many of the candidate's cases the champion cannot read: they are in no pair.</param>
internal sealed record PairedScores(string Task, bool IsNew, IReadOnlyList<double> Candidate, IReadOnlyList<double> Champion, int Unread = 0)
{
    public IReadOnlyList<double> Differences => Candidate.Zip(Champion, (mine, its) => mine - its).ToList();

    /// <param name="unread">Datasets in a modality that the champion has no preprocessing for.</param>
    public static List<PairedScores> Of(EvaluationReport candidate, EvaluationReport? champion, LabelSpace space, LabelSpace? championSpace, IReadOnlySet<string> unread)
    {
        if (champion is null)
            return [.. space.ActiveTasks.Select(task => New(task.Id, Scores(candidate, task.Id)))];
        if (champion.CasesHash != candidate.CasesHash)
            throw new DomainException(
                $"{candidate.Model} was evaluated on cases {ContentHash.Abbreviate(candidate.CasesHash)}, {champion.Model} on "
                + $"{ContentHash.Abbreviate(champion.CasesHash)}: they do not compare. Evaluate both on the same sealed cases.");
        return space.ActiveTasks.Select(task => (championSpace is null ? champion.Tasks.Contains(task.Id) : championSpace.Find(task.Id) is not null)
            ? Known(task.Id, candidate, champion, unread)
            : New(task.Id, Scores(candidate, task.Id))).ToList();
    }

    private static PairedScores New(string task, SortedDictionary<(string Dataset, string Case), double> mine, int unread = 0) => new(task, true, [.. mine.Values], [], unread);

    private static PairedScores Known(string task, EvaluationReport candidate, EvaluationReport champion, IReadOnlySet<string> unread)
    {
        var (all, its) = (Scores(candidate, task), Scores(champion, task));
        var mine = all.Where(score => !unread.Contains(score.Key.Dataset)).ToList();
        if (all.Count > 0 && mine.Count == 0 && its.Count == 0)
            return New(task, all, all.Count);
        var keys = mine.ConvertAll(score => score.Key);
        foreach (var (report, missing) in new[] { (champion, keys.Except(its.Keys)), (candidate, its.Keys.Except(keys)) })
            if (missing.FirstOrDefault() is { Dataset: not null } first)
                throw new DomainException(
                    $"{report.Model} has no score of task '{task}' on {first.Dataset}/{first.Case}, its opponent has. Evaluate both on the same sealed cases.");
        return new PairedScores(task, false, mine.ConvertAll(score => score.Value), [.. its.Values], all.Count - mine.Count);
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
