using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Cli.Segmentation;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Research;

/// <summary>A model, wherever it lies, on the cases of a split of some folders.</summary>
internal sealed class FolderEvaluation(ResearchFolder research, DataFolder data, Out output)
{
    private const string Model = "model/";

    /// <param name="model">A model's id, or a folder that holds model.json; null: the one in production.</param>
    public async Task<EvaluationReport> RunAsync(IReadOnlyList<string> folders, string? model, Split split, CancellationToken cancellation)
    {
        var manifest = await BringModelAsync(await FolderOfAsync(model, cancellation), cancellation);
        var names = await research.IngestAsync(folders, output, cancellation);
        var own = await LocalTraining.SpecifyAsync(research.Store, names, new TrainingRecipe(), seed: 1, cancellation);
        // Tasks keep the columns that they have in the model; what it does not know gets one behind them and no score.
        var run = own with { LabelSpace = manifest.LabelSpace.Grow(own.LabelSpace.Tasks.Select(task => (task.Id, task.Name, task.Modality))) };
        var report = await output.WithProgressAsync(view => LocalTraining.EvaluateAsync(run, research.Store, Model, split, new TrainerOptions(), null,
            (done, total) => view.Show("Evaluating", $"{done}/{total} cases", (double)done / Math.Max(1, total)), cancellation));
        if (report.Scores.Count == 0)
            throw new DomainException($"Nothing to score: {WhyNothing(await TrainingData.LoadAsync(research.Store, run.LabelSpace, run.Datasets, cancellation), manifest, split)}");
        await research.Store.WriteJsonAsync("report.json", report, DomainJson.Readable, default, cancellation);
        return report;
    }

    private static string WhyNothing(TrainingData data, ModelManifest model, Split split)
    {
        var cases = data.In(split);
        if (cases.Count == 0)
            return $"split '{split}' has no case ({string.Join(", ", Enum.GetValues<Split>().Select(one => $"{one} {data.In(one).Count}"))}). "
                + "Of a dataset with few labelled cases all serve training: choose another --split, or give more cases.";
        var known = model.Preprocessing.Select(rule => rule.Modality).ToList();
        var found = $"split '{split}' has {(cases.Count == 1 ? "1 case" : $"{cases.Count} cases")} of {string.Join(", ", cases.Select(one => one.Dataset.Modality).Distinct())}";
        var read = cases.Where(one => known.Contains(one.Dataset.Modality)).ToList();
        if (read.Count == 0)
            return $"{found}, the model reads {string.Join(", ", known)}. "
                + "Choose a --model that was trained on such images; where the name is wrong, mend the modality in dataset.json.";
        return $"{found}, the model reads {read.Count} of them ({string.Join(", ", known)}), and none of these is annotated for a task that it knows: "
            + $"they are for {string.Join(", ", read.SelectMany(data.TasksOf).Select(task => task.Id).Distinct())}, the model knows {string.Join(", ", model.LabelSpace.ActiveTasks.Select(task => task.Id))}. "
            + "Choose another --model, or name its tasks under \"versemi\": {\"tasks\": …} in dataset.json.";
    }

    private async Task<string> FolderOfAsync(string? model, CancellationToken cancellation)
    {
        if (model is not null && File.Exists(Path.Combine(model, BlobLayout.ModelFile)))
            return model;
        var (line, version) = model is null ? await new ReadOnlyModels(data).InProductionAsync("main", cancellation) : Ask.ModelOf(model);
        var folder = Path.Combine(data.Path, BlobLayout.Model(line, version));
        return File.Exists(Path.Combine(folder, BlobLayout.ModelFile)) ? folder : throw new DomainException($"There is no model {line}/{version} in {data.Path}. 'versemi models' lists them.");
    }

    private async Task<ModelManifest> BringModelAsync(string folder, CancellationToken cancellation)
    {
        foreach (var file in new[] { BlobLayout.WeightsFile, BlobLayout.ModelFile })
        {
            await using var content = File.OpenRead(Path.Combine(folder, file));
            await research.Store.WriteAsync(Model + file, content, default, cancellation);
        }
        var manifest = await research.Store.ReadMovedJsonAsync<ModelManifest>(Model + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
        await research.Store.WriteJsonAsync(Model + BlobLayout.ModelFile, manifest, DomainJson.Readable, cancellation: cancellation);
        return manifest;
    }
}
