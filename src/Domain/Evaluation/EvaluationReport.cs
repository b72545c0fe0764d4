using VerSemi.Domain.Models;

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

    /// <summary>Of each task, on these cases; empty in reports of earlier versions.</summary>
    public IReadOnlyList<TaskCalibration> Calibration { get; init; } = [];

    public IEnumerable<string> Tasks => Scores.Select(score => score.Task).Distinct();

    /// <summary>Mean Dice over the cases annotated for a task; NaN where there is none.</summary>
    public double MeanDice(string task) => Scores.Where(score => score.Task == task).Select(score => score.Dice).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>One task on one case, on the image's own grid. Distances in millimetres.</summary>
/// <param name="Hd95">Null where one of the masks is empty and the other is not: undefined, never 0.</param>
/// <param name="Asd">Null as <paramref name="Hd95"/>.</param>
/// <param name="Confidence">How much of its mask the model itself holds to be right, 0…1; null in reports of earlier versions.</param>
public sealed record CaseScore(string Dataset, string Case, string Task, double Dice, double Jaccard, double? Hd95, double? Asd, double? Confidence = null);

/// <summary>How far a task's probabilities are from the frequencies that they claim.</summary>
/// <param name="Temperatures">The model's.</param>
/// <param name="EceBefore">Expected calibration error of the network's own probabilities, 0…1.</param>
/// <param name="EceAfter">Of the calibrated ones.</param>
/// <param name="Voxels">That both were measured on: all of each image that is annotated for the task.</param>
public sealed record TaskCalibration(string Task, TaskTemperatures Temperatures, double EceBefore, double EceAfter, long Voxels);
