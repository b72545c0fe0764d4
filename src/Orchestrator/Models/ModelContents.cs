using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Models;

/// <summary>What the registry shows of a model without opening its blobs.</summary>
/// <param name="Evaluation">Null where it was imported: no sealed case has judged it.</param>
internal sealed record ModelContents(ModelManifest Manifest, EvaluationReport? Evaluation)
{
    public void FillIn(ModelRow model)
    {
        model.Ready = true;
        model.Parent = Manifest.Lineage.Parent;
        model.Datasets = [.. Manifest.Lineage.Datasets];
        model.Tasks = [.. Manifest.LabelSpace.ActiveTasks.Select(task => task.Id)];
        model.TaskDice = Evaluation?.Tasks.ToDictionary(task => task, Evaluation.MeanDice) ?? [];
        model.MeanDice = model.TaskDice.Count == 0 ? null : model.TaskDice.Values.Average();
    }
}
