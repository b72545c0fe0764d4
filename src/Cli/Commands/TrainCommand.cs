using System.CommandLine;
using VerSemi.Cli.Output;
using VerSemi.Cli.Research;
using VerSemi.GpuTrainer.Training;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi train PATH… --out DIR`: a training without the workflow, for research. Called again, it goes on where it was.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders of datasets (MSD, nnU-Net v2, or images alone)", Arity = ArgumentArity.OneOrMore };
        var folder = new Option<string>("--out", "-o") { Description = "Folder for versioned data, checkpoints and the model", Required = true };
        var recipe = SharedOptions.Recipe();
        var seed = new Option<int>("--seed") { Description = "Seed of every random choice", DefaultValueFactory = _ => 1 };
        var command = new Command("train", "Train on folders without the workflow, for research") { paths, folder, recipe, seed };
        command.SetAction(async (parsed, cancellation) =>
        {
            parsed.RefuseServer();
            var output = Out.Of(parsed);
            var chosen = SharedOptions.ReadRecipe(parsed.GetValue(recipe) ?? "small")!;
            var research = new ResearchFolder(Path.GetFullPath(parsed.GetValue(folder)!));
            var names = await research.IngestAsync(parsed.GetValue(paths)!, output, cancellation);
            var run = await LocalTraining.SpecifyAsync(research.Store, names, chosen, parsed.GetValue(seed), cancellation);
            var result = await output.WithProgressAsync(view => LocalTraining.TrainAsync(run, research.Store, new TrainerOptions(),
                progress => view.Show("Training", Progress.Describe(progress), (double)progress.Done / Math.Max(1, progress.Total)), output.Line, cancellation));
            output.Table("Validation", result.Validation.Select(pair => new { task = pair.Key, dice = pair.Value }), ("task", r => r.task), ("Dice", r => r.dice));
            output.Line($"{Progress.Describe(result)}. The model: {Path.Combine(research.Path, LocalTraining.ModelOf(run))}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
