namespace VerSemi.Domain.Evaluation;

/// <summary>One model on the cases of one split.</summary>
/// <param name="Model">"candidate:run", "main/3", ….</param>
/// <param name="CasesHash">Hash of the ordered list of cases: two reports compare only where it is the same.</param>
public sealed record EvaluationReport(string Model, string LabelSpaceHash, string CasesHash, IReadOnlyList<CaseScore> Scores)
{
    /// <summary>SHA-256 of the weights that were evaluated: a candidate is promoted only with these.</summary>
    public string? Weights { get; init; }

    /// <summary>SHA-256 of each label map that was kept, by its path in the store; null where none was.</summary>
    public IReadOnlyDictionary<string, string>? LabelMaps { get; init; }

    public IEnumerable<string> Tasks => Scores.Select(score => score.Task).Distinct();

    /// <summary>Mean Dice over the cases annotated for a task; NaN where there is none.</summary>
    public double MeanDice(string task) => Scores.Where(score => score.Task == task).Select(score => score.Dice).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>One task on one case, on the image's own grid. Distances in millimetres.</summary>
/// <param name="Hd95">Null where one of the masks is empty and the other is not: undefined, never 0.</param>
/// <param name="Asd">Null as <paramref name="Hd95"/>.</param>
public sealed record CaseScore(string Dataset, string Case, string Task, double Dice, double Jaccard, double? Hd95, double? Asd);
