using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Cli.Weights;
using VerSemi.Domain.Recipes;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi import-weights FILE --tasks A,B`: a PyTorch state dict of the reference becomes a model.</summary>
internal static class ImportWeightsCommand
{
    private static readonly Argument<string> FileName = new("FILE") { Description = "A state dict with the reference's names, as safetensors" };
    private static readonly Option<string> Tasks = new("--tasks") { Description = "The tasks of the prompt columns in their order, e.g. task04-hippocampus/anterior,task04-hippocampus/posterior; a name without a dataset becomes imported/NAME", Required = true };
    private static readonly Option<string> Line = new("--line") { Description = "The model line", DefaultValueFactory = _ => "main" };
    private static readonly Option<string> Modality = new("--modality") { Description = "Modality of the images that the weights were trained on", DefaultValueFactory = _ => "MRI" };
    private static readonly Option<string?> Spacing = new("--spacing") { Description = "Millimetres along R, A, S that they were trained at (default: the recipe's, else 1,1,1)" };
    private static readonly Option<string?> Intensity = new("--intensity")
    {
        Description = "How the file's values reach the network: percentiles:LOW,HIGH (clip, then z-score of the image; default, 0.5,99.5), window:LOW,HIGH,MEAN,SD (clip to fixed bounds, then (v−MEAN)/SD; needed or 'none' for CT), none (as they are). percentiles:0,100 is the plain z-score",
    };
    private static readonly Option<string?> Patch = new("--patch") { Description = "Voxels along R, A, S of a window (default: the recipe's)" };

    public static Command Create()
    {
        var recipe = SharedOptions.Recipe();
        recipe.Description += " (default: reference; here its patch, spacing and overlap count)";
        var why = Ask.Why();
        var command = new Command("import-weights", "Make a model of a PyTorch state dict of the reference; live at once where the line has no model") { FileName, Tasks, Line, Modality, Spacing, Intensity, Patch, recipe, why };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = Out.Of(parsed);
            var file = Path.GetFullPath(parsed.GetValue(FileName)!);
            if (!File.Exists(file))
                throw new UsageException($"There is no file {file}. Give a state dict saved by safetensors.torch.save_file.");
            var described = ModelDescription.Parse(parsed.GetValue(Tasks)!, parsed.GetValue(Modality)!, parsed.GetValue(Spacing), parsed.GetValue(Intensity),
                parsed.GetValue(Patch), SharedOptions.ReadRecipe(parsed.GetValue(recipe) ?? "reference")!);
            var reason = $"imported from {Path.GetFileName(file)}{(parsed.GetValue(why) is { } words ? $": {words}" : "")}";
            var model = await WeightImport.RunAsync(file, described, new ImportModel("", Ask.Who, reason, parsed.GetValue(Line)!), parsed, cancellation);
            if (output.IsJson)
                Out.Json(model);
            else
                Show(output, described, model.Line, model.Version, model.InProduction);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(Out output, ModelDescription described, string line, int version, bool live)
    {
        var (rule, recipe) = (described.Preprocessing, described.Recipe);
        output.Facts($"model {line}/{version}", ("in production", live), ("tasks", described.Space.Tasks.Select(task => task.Id)), ("modality", rule.Modality),
            ("spacing, mm", rule.Spacing.Select(mm => Out.Text(mm))), ("intensity", Describe(rule)), ("patch", recipe.Patch.Select(side => $"{side}")));
        if (!live)
            output.Line($"Another model is in production: 'versemi promote {line}/{version}' makes this one live.");
    }

    private static string Describe(ModalityPreprocessing rule) => rule.Rule switch
    {
        IntensityRule.None => "none",
        IntensityRule.Window => $"window {rule.Low}…{rule.High}, mean {rule.Mean}, standard deviation {rule.StandardDeviation}",
        _ => $"percentiles {rule.Low}…{rule.High}, then z-score",
    };
}
