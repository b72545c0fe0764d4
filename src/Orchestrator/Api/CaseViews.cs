using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;

namespace VerSemi.Orchestrator.Api;

/// <summary>What was committed at a time; versions never change.</summary>
public sealed record DatasetVersionView(string Version, bool Newest, int Training, int Validation, int Test, int Unlabelled, IReadOnlyList<string> Tasks);

/// <summary>A case of a dataset version.</summary>
/// <param name="Split">Null for an unlabelled case.</param>
/// <param name="Size">Voxels along x, y, z.</param>
/// <param name="Spacing">Millimetres along x, y, z.</param>
/// <param name="Notes">What ingest found of its quality, as voxels that were not finite, or empty masks.</param>
/// <param name="Image">Address of the NIfTI file; of the label and the picture likewise.</param>
/// <param name="Label">Null for an unlabelled case.</param>
public sealed record CaseView(
    string Case, string Patient, Split? Split, IReadOnlyList<int> Size, IReadOnlyList<double> Spacing, IReadOnlyList<string> Notes,
    string Image, string? Label, string Thumbnail);

/// <summary>A case that ingest left out, with the reason.</summary>
public sealed record QuarantinedView(string Case, string Drop, string Reason);

/// <param name="Name">"candidate" or "champion".</param>
/// <param name="Model">"candidate" or line/version.</param>
/// <param name="Dice">Mean by task id.</param>
public sealed record EvaluationView(string Name, string Model, int Cases, IReadOnlyDictionary<string, double> Dice);

/// <param name="Dice">Mean over its tasks, or of the task that was asked for.</param>
/// <param name="HasPrediction">Whether the label map was kept.</param>
public sealed record EvaluatedCaseView(string Dataset, string Case, double Dice, IReadOnlyList<CaseScore> Scores, bool HasPrediction);

/// <param name="Image">Address of the NIfTI file; of truth and prediction likewise, on one grid.</param>
/// <param name="Prediction">Null where none was kept.</param>
/// <param name="TruthLabels">What the values in the truth mean. They are the dataset's own, and may differ from the prediction's.</param>
public sealed record EvaluatedCaseDetail(
    EvaluatedCaseView Case, string Modality, string Image, string Truth, string? Prediction, IReadOnlyList<LabelValueView> TruthLabels, IReadOnlyList<LabelValueView> PredictionLabels);

public sealed record LabelValueView(int Value, string Task, string Name);
