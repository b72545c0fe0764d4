using System.Globalization;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;

namespace VerSemi.Domain.Promotion;

/// <summary>How a candidate was trained, as far as the advice after its judgement depends on it.</summary>
/// <param name="Recipe">As it was trained: planned, where `auto` was asked for.</param>
/// <param name="Preprocessing">Of each modality.</param>
/// <param name="Tasks">Of the candidate's label space.</param>
/// <param name="LabelledCases">Labelled training cases by task id.</param>
public sealed record CandidateTraining(
    TrainingRecipe Recipe, IReadOnlyList<ModalityPreprocessing> Preprocessing, IReadOnlyList<SegmentationTask> Tasks,
    IReadOnlyDictionary<string, int> LabelledCases, IReadOnlyList<CollapseAlarm> Alarms)
{
    /// <summary>The judgement with the training's alarms and, where it rejects, what to try next.</summary>
    public Judgement Explain(Judgement judgement) => judgement with
    {
        Alarms = [.. Alarms.Select(alarm => alarm.ToString())],
        Next = judgement.Decision == Decision.Reject ? NextSteps(judgement) : [],
    };

    private List<string> NextSteps(Judgement judgement)
    {
        var failed = judgement.Tasks.Where(task => task.Outcome == TaskOutcome.Fail).Select(task => task.Task).ToHashSet();
        var tasks = Tasks.Where(task => failed.Count == 0 || failed.Contains(task.Id)).ToList();
        var steps = new List<string>();
        if (failed.Count == 0)
            steps.Add("the model in production stays, and nothing is lost; a further cycle needs new data, another recipe or another seed (`versemi cycles start`)");
        if (Alarms.Count > 0 && Recipe.Stage2Steps > 0)
            steps.Add("rule out that unlabelled images taught the wrong thing: train stage 1 for longer, or lower the recipe's consistencyWeight and teacherWeight, or leave stage 2 out (stage2Steps 0)");
        steps.Add($"train longer: stage1Steps {2 * Recipe.Stage1Steps} and stage2Steps {2 * Recipe.Stage2Steps} in the recipe (now {Recipe.Stage1Steps} and {Recipe.Stage2Steps})");
        if (failed.Count > 0)
            steps.AddRange(Preprocessing.Where(rule => tasks.Any(task => task.Modality == rule.Modality)).Select(Spacing));
        steps.Add($"add labels: labelled training cases are {string.Join(", ", tasks.Select(task => $"{LabelledCases.GetValueOrDefault(task.Id)} of '{task.Id}'"))}");
        return steps;
    }

    private string Spacing(ModalityPreprocessing rule) =>
        $"try another spacing for {rule.Modality} (now {Sides(rule.Spacing)} mm): a finer one where the target is only a few voxels wide, a coarser one where a patch of {Sides(Recipe.Patch)} voxels shows too little around it";

    private static string Sides<T>(IReadOnlyList<T> sides) where T : IFormattable =>
        string.Join(" × ", sides.Select(side => side.ToString("0.##", CultureInfo.InvariantCulture)));
}
