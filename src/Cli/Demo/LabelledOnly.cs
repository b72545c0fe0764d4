using VerSemi.Cli.Output;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Demo;

/// <summary>
/// What the unlabelled images are worth: a network of the same size from scratch, on the labelled cases of all datasets
/// at once, as many steps as one of the platform's trainings, all of them in stage 1.
/// </summary>
internal sealed class LabelledOnly(FolderBlobStore store, TrainingRecipe recipe, Out output)
{
    private readonly TrainingRecipe _recipe = recipe with { Name = $"{recipe.Name}-labelled-only", Stage1Steps = recipe.Stage1Steps + recipe.Stage2Steps, Stage2Steps = 0 };

    public Task<EvaluationReport> TrainAsync(CancellationToken cancellation) => output.WithProgressAsync(async view =>
    {
        var run = await LocalTraining.SpecifyAsync(store, [], _recipe, seed: 1, cancellation);
        var machine = new TrainerOptions();
        await LocalTraining.TrainAsync(run, store, machine,
            progress => view.Show("Labelled data alone", Progress.Describe(progress), (double)progress.Done / Math.Max(1, progress.Total)), note: null, cancellation);
        return await LocalTraining.EvaluateAsync(run, store, LocalTraining.ModelOf(run), Split.Test, machine, null,
            (done, total) => view.Show("Labelled data alone, evaluating", $"{done}/{total}", (double)done / Math.Max(1, total)), cancellation);
    });
}
