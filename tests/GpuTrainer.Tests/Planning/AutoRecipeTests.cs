using VerSemi.Domain;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Network;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests.Planning;

public sealed class AutoRecipeTests : IDisposable
{
    private static readonly TrainingRecipe Auto = RecipeBook.BuiltIn("auto");

    private readonly SmallStore _store = new();
    private readonly List<string> _notes = [];
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_plan_is_made_from_the_images_and_told_with_a_forecast_before_the_first_step()
    {
        StopAfterFirstStep(_store.Run(Auto), 1, Options());
        var plan = await PlanAsync("run");

        // 4 labelled training cases of 20³ voxels at 1 mm.
        Assert.Equal([16, 16, 16], plan.Recipe.Patch);
        Assert.Equal([1, 1, 1], plan.Recipe.Spacing);
        Assert.Equal((2, 16, false), (plan.Recipe.LabelledBatch, plan.Recipe.Width, plan.Recipe.Auto));
        Assert.True(plan.Forecast is { Seconds: > 0, MemoryBytes: > 0 });
        Assert.All(plan.Choices, choice => Assert.Contains(_notes, note => note.Contains(choice.Reason, StringComparison.Ordinal)));
        Assert.Contains(_notes, note => note.StartsWith($"forecast: {plan.Forecast}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_with_less_memory_plans_otherwise_but_goes_on_as_the_first_attempt_planned()
    {
        StopAfterFirstStep(_store.Run(Auto, "much"), 1, Options());
        StopAfterFirstStep(_store.Run(Auto, "little"), 1, Options(mebibytes: 700));
        var (much, little) = (await PlanAsync("much"), await PlanAsync("little"));
        Assert.Equal((16, 8), (much.Recipe.Width, little.Recipe.Width));

        _notes.Clear();
        StopAfterFirstStep(_store.Run(Auto, "much"), 2, Options(mebibytes: 700));
        Assert.Equal(16, (await LastAsync("much", 2)).Recipe.Width);
        Assert.Equal(2, (await LastAsync("much", 2)).Step);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task The_model_has_the_planned_recipe_and_is_used_by_it()
    {
        // As a first attempt planned it, with steps for a test.
        StopAfterFirstStep(_store.Run(Auto, "first"), 1, Options(mebibytes: 700));
        var plan = await PlanAsync("first");
        plan = plan with { Recipe = plan.Recipe with { Stage1Steps = 2, Stage2Steps = 2, ValidateEvery = 2 } };
        await _store.Blobs.WriteJsonAsync(BlobLayout.RunPlan("run"), plan, DomainJson.Readable, cancellation: _cancellation);
        var result = new Trainer(_store.Run(Auto), 1, _store.Blobs, Options(), null, _notes.Add).Run(_cancellation, _cancellation);

        Assert.Equal((4, plan.Forecast), (result.Steps, result.Forecast));
        Assert.Contains(_notes, note => note.Contains($"The forecast was {plan.Forecast}", StringComparison.Ordinal));
        using var segmenter = await Segmenter.LoadAsync(_store.Blobs, BlobLayout.AttemptModel("run", 1), Options(), null, _cancellation);
        Assert.Equal(plan.Recipe.Hash, segmenter.Model.Recipe.Hash);
        Assert.Equal((8, false), (segmenter.Model.Recipe.Width, segmenter.Model.Recipe.Auto));
        Assert.Equal(plan.Spacing["MRI"], segmenter.Model.Preprocessing.Single().Spacing);
    }

    [Fact]
    public async Task A_champion_keeps_its_width_norm_and_spacing_and_is_the_start()
    {
        var tiny = SmallStore.Recipe with { Norm = FeatureNorm.Group, Spacing = [1.25, 1.25, 1.25] };
        new Trainer(_store.Run(tiny, "champion"), 1, _store.Blobs, Options()).Run(_cancellation, _cancellation);
        await ModelCopy.MakeAsync(_store.Blobs, BlobLayout.AttemptModel("champion", 1), BlobLayout.Model("main", 1), _cancellation);

        StopAfterFirstStep(_store.Run(Auto) with { Champion = 1 }, 1, Options());
        var last = await LastAsync("run", 1);
        Assert.Equal((4, FeatureNorm.Group, "main/1"), (last.Recipe.Width, last.Recipe.Norm, last.Parent));
        Assert.Equal([1.25, 1.25, 1.25], last.Preprocessing.Single().Spacing);
    }

    [Fact]
    public async Task After_memory_ran_out_the_next_attempt_does_with_less_from_the_same_checkpoint()
    {
        using var larger = new SmallStore(side: 28);
        var run = larger.Run(Auto);
        StopAfterFirstStep(run, 1, Options(), larger);
        var plan = await PlanAsync("run", larger);
        Assert.Equal([32, 32, 32], plan.Recipe.Patch);

        await new TrainingPlan(run, larger.Blobs, Options(), TorchRuntime.Start("cpu"), _notes.Add).ShrinkAsync(plan, _cancellation);
        StopAfterFirstStep(run, 2, Options(), larger);
        var last = await LastAsync("run", 2, larger);
        Assert.Equal([16, 32, 32], last.Recipe.Patch);
        Assert.Equal(2, last.Step);
    }

    [Fact]
    public async Task A_recipe_that_is_not_auto_is_forecast_too()
    {
        var result = new Trainer(_store.Run(), 1, _store.Blobs, Options(), null, _notes.Add).Run(_cancellation, _cancellation);

        Assert.True(result is { Forecast.Seconds: > 0, PeakMemoryBytes: > 0 });
        Assert.Contains(_notes, note => note.StartsWith("forecast: about", StringComparison.Ordinal));
        var stored = await _store.Blobs.ReadJsonAsync<TrainingResult>(BlobLayout.AttemptResult("run", 1), DomainJson.Readable, _cancellation);
        Assert.Equal(result.Forecast, stored.Forecast);
        Assert.Empty((await PlanAsync("run")).Choices);
    }

    public void Dispose() => _store.Dispose();

    private TrainerOptions Options(int? mebibytes = 8192) => new() { Device = "cpu", Scratch = _store.Scratch, Threads = 1, CacheMiB = 0, MemoryMiB = mebibytes };

    private void StopAfterFirstStep(RunSpecification run, int attempt, TrainerOptions options, SmallStore? store = null)
    {
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(run, attempt, (store ?? _store).Blobs, options, progress => { if (progress.Done > 0) stop.Cancel(); }, _notes.Add);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(stop.Token, _cancellation));
    }

    private Task<RecipePlan> PlanAsync(string run, SmallStore? store = null) =>
        (store ?? _store).Blobs.ReadJsonAsync<RecipePlan>(BlobLayout.RunPlan(run), DomainJson.Readable, _cancellation);

    private async Task<CheckpointHeader> LastAsync(string run, int attempt, SmallStore? store = null)
    {
        var blobs = (store ?? _store).Blobs;
        var last = await blobs.ReadJsonAsync<CheckpointPointer>(BlobLayout.Checkpoints(run, attempt) + "last.json", DomainJson.Readable, _cancellation);
        var path = await blobs.LocalCopyAsync(BlobLayout.Checkpoints(run, attempt) + last.File, _cancellation);
        var (_, metadata) = Safetensors.Load(path);
        return System.Text.Json.JsonSerializer.Deserialize<CheckpointHeader>(metadata["checkpoint"], DomainJson.Canonical)!;
    }
}
