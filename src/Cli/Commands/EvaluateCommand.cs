using System.CommandLine;
using VerSemi.Cli.Output;
using VerSemi.Cli.Research;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi evaluate PATH… --model ID|DIR`: a model on the cases of a split of one's own folders, for research.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders of datasets", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string?>("--model") { Description = "A model of the data folder, as 3 or main/3, or a folder with model.json (default: the one in production)" };
        var split = new Option<Split>("--split") { Description = "Which cases", DefaultValueFactory = _ => Split.Test };
        var folder = new Option<string?>("--out", "-o") { Description = "Folder for versioned data and report.json (default: a temporary one)" };
        var command = new Command("evaluate", "Evaluate a model on folders without the workflow, for research") { paths, model, split, folder };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = Out.Of(parsed);
            var temporary = Path.Combine(Path.GetTempPath(), $"versemi-{Guid.NewGuid():N}");
            try
            {
                var research = new ResearchFolder(Path.GetFullPath(parsed.GetValue(folder) ?? temporary));
                var evaluation = new FolderEvaluation(research, parsed.DataFolder(), output);
                Show(output, await evaluation.RunAsync(parsed.GetValue(paths)!, parsed.GetValue(model), parsed.GetValue(split), cancellation));
            }
            finally
            {
                if (Directory.Exists(temporary))
                    Directory.Delete(temporary, recursive: true);
            }
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Show(Out output, EvaluationReport report)
    {
        if (output.IsJson)
        {
            Out.Json(report);
            return;
        }
        output.Table("Cases", report.Scores, ("dataset", s => s.Dataset), ("case", s => s.Case), ("task", s => s.Task), ("Dice", s => s.Dice),
            ("Jaccard", s => s.Jaccard), ("HD95 mm", s => s.Hd95), ("ASD mm", s => s.Asd), ("confidence", s => s.Confidence));
        output.Table($"Mean of {report.Model}", report.Tasks, ("task", task => task), ("cases", task => report.Scores.Count(s => s.Task == task)), ("Dice", task => report.MeanDice(task)),
            ("temperatures", task => Of(task)?.Temperatures), ("ECE before", task => Of(task)?.EceBefore), ("ECE calibrated", task => Of(task)?.EceAfter));

        TaskCalibration? Of(string task) => report.Calibration.FirstOrDefault(one => one.Task == task);
    }
}
