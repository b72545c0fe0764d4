using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Cli.Segmentation;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
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
            throw new DomainException($"Nothing to score: no case of split '{split}' is annotated for a task that the model knows ({string.Join(", ", manifest.LabelSpace.ActiveTasks.Select(task => task.Id))}).");
        await research.Store.WriteJsonAsync("report.json", report, DomainJson.Readable, default, cancellation);
        return report;
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
        return await research.Store.ReadJsonAsync<ModelManifest>(Model + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
    }
}
