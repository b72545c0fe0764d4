using System.Text.Json;

namespace VerSemi.Domain.Recipes;

public static class RecipeErrors
{
    /// <summary>Every fault of a recipe, each naming the member, its value and what is allowed; empty where it is sound.</summary>
    public static IReadOnlyList<string> Validate(this TrainingRecipe r)
    {
        var errors = new List<string>();
        void Check(bool sound, string member, object? value, string allowed)
        {
            if (!sound)
                errors.Add($"recipe '{r.Name}': {member} is {value}; allowed: {allowed}");
        }

        Check(r.Width is >= 4 and <= 64 && r.Width % 4 == 0, "width", r.Width, "4…64, a multiple of 4");
        Check(Enum.IsDefined(r.Network), "network", r.Network, "reference or fine");
        Check(Enum.IsDefined(r.Norm), "norm", r.Norm, "batch or group");
        Check(Enum.IsDefined(r.Teacher), "teacher", r.Teacher, "none, pseudoLabels, noisyImages");
        Check(Enum.IsDefined(r.Precision), "precision", r.Precision, "float32 or bfloat16");
        Check(r.Patch.Count == 3 && r.Patch.All(side => side is >= 16 and <= 512 && side % 16 == 0), "patch", $"[{string.Join(", ", r.Patch)}]", "three multiples of 16, 16…512");
        Check(r.Spacing is null || (r.Spacing.Count == 3 && r.Spacing.All(s => s is > 0 and <= 100)), "spacing", r.Spacing is null ? null : $"[{string.Join(", ", r.Spacing)}]", "three lengths in mm, above 0, at most 100");
        Check(r.LabelledBatch is >= 2 and <= 256 && r.LabelledBatch % 2 == 0, "labelledBatch", r.LabelledBatch, "an even number, 2…256");
        Check(r.UnlabelledBatch == r.LabelledBatch, "unlabelledBatch", r.UnlabelledBatch, $"the same as labelledBatch ({r.LabelledBatch})");
        Check(r.Accumulate is >= 1 and <= 64, "accumulate", r.Accumulate, "1…64 micro-batches a step");
        Check(r.Stage1Steps >= 0, "stage1Steps", r.Stage1Steps, "0 or more");
        Check(r.Stage2Steps >= 0, "stage2Steps", r.Stage2Steps, "0 or more");
        Check(r.Stage1Steps + r.Stage2Steps > 0, "stage1Steps + stage2Steps", 0, "at least 1 step");
        Check(r.LearningRate is > 0 and <= 1, "learningRate", r.LearningRate, "above 0, at most 1");
        Check(r.LearningRateDecayPower is >= 0 and <= 5, "learningRateDecayPower", r.LearningRateDecayPower, "0…5");
        Check(r.PromptLearningRateFactor is >= 1 and <= 100, "promptLearningRateFactor", r.PromptLearningRateFactor, "1…100");
        Check(r.PromptInitialScale is >= 1 and <= 20, "promptInitialScale", r.PromptInitialScale, "1…20");
        Check(r.WarmStartLearningRateFactor is >= 0.01 and <= 1, "warmStartLearningRateFactor", r.WarmStartLearningRateFactor, "0.01…1");
        Check(r.Beta1 is >= 0 and < 1, "beta1", r.Beta1, "0 to below 1");
        Check(r.Beta2 is >= 0 and < 1, "beta2", r.Beta2, "0 to below 1");
        Check(r.GradientClip is >= 0, "gradientClip", r.GradientClip, "0 or more");
        Check(r.EmaDecay is >= 0 and < 1, "emaDecay", r.EmaDecay, "0 to below 1");
        Check(r.MixRatio is > 0 and < 1, "mixRatio", r.MixRatio, "between 0 and 1");
        Check(r.MixRatioLow > 0 && r.MixRatioLow <= r.MixRatioHigh && r.MixRatioHigh < 1, "mixRatioLow, mixRatioHigh", $"{r.MixRatioLow}, {r.MixRatioHigh}", "0 < low ≤ high < 1");
        foreach (var (member, weight) in new[] { ("syntheticWeight", r.SyntheticWeight), ("specificWeight", r.SpecificWeight), ("consistencyWeight", r.ConsistencyWeight), ("pasteWeight", r.PasteWeight), ("teacherWeight", r.TeacherWeight) })
            Check(weight is >= 0 and <= 100, member, weight, "0…100");
        Check(Enum.IsDefined(r.DiceOver), "diceOver", r.DiceOver, "batch, prompt, sample");
        Check(Enum.IsDefined(r.Unannotated), "unannotated", r.Unannotated, "background, ignored");
        Check(r.ConsistencyRampSteps >= 0, "consistencyRampSteps", r.ConsistencyRampSteps, "0 or more");
        Check(r.TeacherRampSteps >= 0, "teacherRampSteps", r.TeacherRampSteps, "0 or more");
        Check(r.ConsistencyTemperature is >= 0.05 and <= 1, "consistencyTemperature", r.ConsistencyTemperature, "0.05…1");
        foreach (var (member, confidence) in new[] { ("consistencyConfidence", r.ConsistencyConfidence), ("teacherConfidence", r.TeacherConfidence) })
            Check(confidence is >= 0.5 and <= 0.999, member, confidence, "0.5…0.999");
        Check(!r.TeacherBothWays || r.Teacher == TeacherTarget.PseudoLabels, "teacherBothWays", r.TeacherBothWays, "true only where teacher is pseudoLabels");
        Check(r.StrongAugmentation is >= 0 and <= 1, "strongAugmentation", r.StrongAugmentation, "0…1");
        Check(Enum.IsDefined(r.Growth), "growth", r.Growth, string.Join(", ", Enum.GetNames<GrowthMode>().Select(JsonNamingPolicy.CamelCase.ConvertName)));
        Check(r.DistillationWeight is >= 0 and <= 100 && (r.DistillationWeight > 0 || r.Growth != GrowthMode.Distillation), "distillationWeight", r.DistillationWeight, "0…100, above 0 where growth is distillation");
        Check(r.ForegroundShare is >= 0 and <= 1, "foregroundShare", r.ForegroundShare, "0…1");
        Check(Enum.IsDefined(r.TaskSampling), "taskSampling", r.TaskSampling, "balanced, squareRoot, proportional");
        Check(Enum.IsDefined(r.Augmentation), "augmentation", r.Augmentation, "none, standard");
        AugmentationErrors.Validate(r, Check);
        Check(r.ValidateEvery >= 1, "validateEvery", r.ValidateEvery, "at least 1 step");
        Check(r.ChooseFromCases is >= 1 and <= 10_000, "chooseFromCases", r.ChooseFromCases, "1…10000 validation cases of each task");
        Check(r.CheckpointEvery >= 1, "checkpointEvery", r.CheckpointEvery, "at least 1 step");
        Check(r.Overlap is >= 0 and <= 0.9, "overlap", r.Overlap, "0…0.9");
        return errors;
    }
}
