using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Network;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Training;

/// <summary>Where a run starts: its own newest checkpoint, else the champion's weights, else random ones.</summary>
/// <param name="ResumedFrom">The checkpoint; null where the run starts anew.</param>
/// <param name="Header">What the next checkpoint says beside its step.</param>
public sealed record TrainingStart(TrainingState State, CheckpointHeader Header, FoundCheckpoint? ResumedFrom)
{
    public static async Task<(TrainingStart Start, Growth Growth)> MakeAsync(
        RunSpecification run, RecipePlan plan, int attempt, TrainingData data, IBlobStore store, CheckpointStore checkpoints, Device device, Action<string> note, CancellationToken cancellation)
    {
        var growth = await Growth.MakeAsync(run, store, device, note, cancellation);
        var start = await MakeStateAsync(run, plan, attempt, data, store, checkpoints, device, note, cancellation);
        growth.Freeze(start.State.Network);
        return (start, growth);
    }

    private static async Task<TrainingStart> MakeStateAsync(
        RunSpecification run, RecipePlan plan, int attempt, TrainingData data, IBlobStore store, CheckpointStore checkpoints, Device device, Action<string> note, CancellationToken cancellation)
    {
        if (await checkpoints.FindNewestAsync(attempt, cancellation) is { } found)
            return Resume(run, plan, found, device);
        if (run.Champion is { } champion)
        {
            var (manifest, network) = await ModelFiles.LoadAsync(store, BlobLayout.Model(run.Line, champion), CPU, cancellation);
            var rules = PreprocessingPlan.Make(store, data, plan, manifest.Preprocessing, cancellation);
            if ((manifest.Recipe.Width, manifest.Recipe.Norm, manifest.Recipe.Network) == (run.Recipe.Width, run.Recipe.Norm, run.Recipe.Network))
                return Warm(run, champion, manifest, network, rules, LearntImages.Union([.. manifest.LearntFrom, .. LearntImages.Of(data.Datasets)]), device);
            network.Dispose();
            note($"The champion {run.Line}/{champion} has width {manifest.Recipe.Width}, norm {manifest.Recipe.Norm} and network {manifest.Recipe.Network}, the recipe {run.Recipe.Width}, {run.Recipe.Norm} and {run.Recipe.Network}: training starts from random weights.");
            return Fresh(run, rules, LearntImages.Of(data.Datasets), device);
        }
        return Fresh(run, PreprocessingPlan.Make(store, data, plan, [], cancellation), LearntImages.Of(data.Datasets), device);
    }

    private static TrainingStart Resume(RunSpecification run, RecipePlan plan, FoundCheckpoint found, Device device)
    {
        var (header, state) = CheckpointFile.Restore(found.Path, header => Belongs(header, run, plan)
            ? NewState(new VerSemiNetwork(run.Recipe.Width, run.Recipe.Norm, run.LabelSpace.Columns, run.Seed, run.Recipe.Network), run.Recipe, device)
            : throw new DomainException($"The checkpoint of run {run.Run} at step {header.Step} belongs to another recipe, seed, label space or other datasets than the run. Train under another name, or delete '{BlobLayout.Run(run.Run)}'."));
        return new TrainingStart(state, header with { Recipe = run.Recipe }, found);
    }

    private static bool Belongs(CheckpointHeader header, RunSpecification run, RecipePlan plan) =>
        header.LabelSpaceHash == run.LabelSpace.Hash && plan.Outgrown.Append(run.Recipe.Hash).Contains(header.Recipe.Hash) && header.Seed == run.Seed && header.Datasets.SequenceEqual(run.Datasets);

    private static TrainingStart Warm(
        RunSpecification run, int champion, ModelManifest model, VerSemiNetwork network, IReadOnlyList<ModalityPreprocessing> rules, IReadOnlyList<LearntImages> images, Device device)
    {
        var known = model.LabelSpace;
        for (var column = 0; column < known.Columns; column++)
            if (column >= run.LabelSpace.Columns || run.LabelSpace.Tasks[column].Id != known.Tasks[column].Id)
                throw new DomainException($"Column {column} of champion {run.Line}/{champion} is task '{known.Tasks[column].Id}', which the run's label space v{run.LabelSpace.Version} does not have there. A label space only grows; start a run in the line's newest one.");
        if (run.LabelSpace.Columns > known.Columns)
            network.Grow(run.LabelSpace.Columns - known.Columns, run.Seed);
        return new TrainingStart(NewState(network, run.Recipe, device), HeaderOf(run, rules, images, $"{run.Line}/{champion}"), null);
    }

    private static TrainingStart Fresh(RunSpecification run, IReadOnlyList<ModalityPreprocessing> rules, IReadOnlyList<LearntImages> images, Device device)
    {
        var network = new VerSemiNetwork(run.Recipe.Width, run.Recipe.Norm, run.LabelSpace.Columns, run.Seed, run.Recipe.Network);
        network.ScalePrompts(run.Recipe.PromptInitialScale);
        return new TrainingStart(NewState(network, run.Recipe, device), HeaderOf(run, rules, images, null), null);
    }

    private static TrainingState NewState(VerSemiNetwork network, TrainingRecipe recipe, Device device) => new(network, recipe, device);

    private static CheckpointHeader HeaderOf(RunSpecification run, IReadOnlyList<ModalityPreprocessing> rules, IReadOnlyList<LearntImages> images, string? parent) => new()
    {
        Run = run.Run,
        Step = 0,
        Stage = 1,
        Seed = run.Seed,
        Recipe = run.Recipe,
        LabelSpace = run.LabelSpace,
        LabelSpaceHash = run.LabelSpace.Hash,
        Datasets = run.Datasets,
        Preprocessing = rules,
        LearntFrom = images,
        Parent = parent,
    };
}
