using VerSemi.Domain;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Planning;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Tests.Planning;

public sealed class TrainingPlanTests : IDisposable
{
    private readonly SmallStore _store = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_recipe_of_ones_own_whose_step_does_not_fit_is_planned_with_the_same_step_in_smaller_batches()
    {
        var run = _store.Run(SmallStore.Recipe with { LabelledBatch = 8, UnlabelledBatch = 8 });
        List<string> notes = [];

        var plan = await new TrainingPlan(run, _store.Blobs, new TrainerOptions(), CPU, notes.Add)
        {
            Trial = (recipe, _, _, _, _) =>
            {
                if (recipe.LabelledBatch > 2)
                    zeros(1L << 45).Dispose(); // 128 TiB
                return new StepTimes(1, 1, 0.1);
            },
        }.MakeAsync(await DataAsync(run), _cancellation, _cancellation);

        Assert.Equal((2, 2, 4), (plan.Recipe.LabelledBatch, plan.Recipe.UnlabelledBatch, plan.Recipe.Accumulate));
        Assert.True(plan.Forecast is { Seconds: > 0 });
        Assert.Equal(2, notes.Count(note => note.Contains("ran out of the memory", StringComparison.Ordinal)));
        Assert.Equal(plan.Recipe.Hash, (await _store.Blobs.ReadJsonAsync<RecipePlan>(BlobLayout.RunPlan("run"), DomainJson.Readable, _cancellation)).Recipe.Hash);
    }

    private async Task<TrainingData> DataAsync(RunSpecification run) => await TrainingData.LoadAsync(_store.Blobs, run.LabelSpace, run.Datasets, _cancellation);
}
