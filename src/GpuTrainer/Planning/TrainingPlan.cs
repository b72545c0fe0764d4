using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.Domain.Planning;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Training;
using VerSemi.Platform.Blobs;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Planning;

/// <summary>A run's plan: the one that its first attempt wrote, else a new one, forecast by a few trial steps and written down.</summary>
public sealed class TrainingPlan(RunSpecification run, IBlobStore store, TrainerOptions options, Device device, Action<string> note)
{
    /// <summary>What a step costs on the device.</summary>
    internal Func<TrainingRecipe, LabelSpace, Device, Growth?, CancellationToken, StepTimes> Trial { get; init; } = StepTrial.Run;

    /// <param name="stop">No trial is begun, or gone on with, any more; the plan is then without a forecast and not written.</param>
    public async Task<RecipePlan> MakeAsync(TrainingData data, CancellationToken stop, CancellationToken abandon)
    {
        var path = BlobLayout.RunPlan(run.Run);
        var stored = await store.InspectJsonAsync<RecipePlan>(path, DomainJson.Readable, abandon);
        if (stored.Value is { } earlier && earlier.Asked == run.Recipe.Hash)
            return earlier;
        if (stored.Damage is not null)
            note($"{stored.Damage.Message} The run is planned again.");
        var fingerprint = await Fingerprints.OfAsync(store, data, abandon);
        var plan = RecipePlanner.Plan(run.Recipe, fingerprint, DeviceMemory.Of(device, options, note), await ChampionAsync(abandon));
        plan = await ForecastAsync(plan, fingerprint, stop, abandon);
        Tell(plan);
        if (!stop.IsCancellationRequested)
            await store.WriteJsonAsync(path, plan, DomainJson.Readable, cancellation: abandon);
        return plan;
    }

    /// <summary>The next attempt is to do with less: a planned recipe with a smaller step, anybody's own with the same step in smaller batches.</summary>
    public async Task ShrinkAsync(RecipePlan plan, CancellationToken abandon)
    {
        if (Less(plan) is { } smaller)
        {
            note($"Out of memory. The next attempt does with less: {smaller.Choices[^1]}.");
            await store.WriteJsonAsync(BlobLayout.RunPlan(run.Run), smaller, DomainJson.Readable, cancellation: abandon);
        }
    }

    private RecipePlan? Less(RecipePlan plan) => run.Recipe.Auto ? RecipePlanner.Smaller(plan, keepsPatch: Schedule.IsHeadOnly(run)) : RecipePlanner.Split(plan);

    private async Task<RecipePlan> ForecastAsync(RecipePlan plan, DataFingerprint fingerprint, CancellationToken stop, CancellationToken abandon)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, abandon);
        using var growth = await Growth.MakeAsync(run with { Recipe = plan.Recipe }, store, device, note: _ => { }, abandon);
        while (true)
        {
            try
            {
                return plan with { Forecast = TrainingForecast.Of(plan, fingerprint, Trial(plan.Recipe, run.LabelSpace, device, growth, either.Token)) };
            }
            catch (OperationCanceledException) when (!abandon.IsCancellationRequested)
            {
                return plan;
            }
            catch (NonFiniteLossException e)
            {
                throw new ProcessorFaultException(plan.Recipe, $"the {e.What} of a step on noise is {e.Value}");
            }
            catch (Exception e) when (TrainingFailures.Classify(e) == FailureKind.OutOfMemory && Less(plan) is { } smaller)
            {
                plan = smaller;
            }
        }
    }

    private void Tell(RecipePlan plan)
    {
        foreach (var choice in plan.Choices)
            note($"{(run.Recipe.Auto ? "auto" : "plan")}: {choice}.");
        if (plan.Forecast is { } forecast)
            note($"forecast: {forecast} for {plan.Recipe.Stage1Steps + plan.Recipe.Stage2Steps} steps on {plan.Device.Name}");
    }

    private async Task<KnownModel?> ChampionAsync(CancellationToken cancellation)
    {
        if (run.Champion is not { } version)
            return null;
        var model = await store.ReadJsonAsync<ModelManifest>(BlobLayout.Model(run.Line, version) + BlobLayout.ModelFile, DomainJson.Readable, cancellation);
        return new KnownModel($"{run.Line}/{version}", model.Recipe.Width, model.Recipe.Norm, model.Recipe.Patch, model.Preprocessing.ToDictionary(rule => rule.Modality, rule => rule.Spacing), model.Recipe.Network);
    }
}
