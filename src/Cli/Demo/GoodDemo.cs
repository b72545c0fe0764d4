using System.Diagnostics;
using VerSemi.Cli.Client;
using VerSemi.Cli.Commands;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging.Phantoms;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.Cli.Demo;

/// <summary>
/// The demo's story: three datasets become a first model; a fourth brings a new target, the label space grows, and the
/// next model is promoted only if no old target got worse. Ends by checking that this is what happened.
/// </summary>
internal sealed class GoodDemo(DataFolder data, string recipeName, TrainingRecipe recipe, int seed, Out output)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        DemoFolder.MakeFresh(data);
        Say("Writing four phantom datasets: the same anatomy in each volume, one structure annotated in each dataset");
        var folders = await Task.Run(() => PhantomWriter.Write(Path.Combine(data.Path, "phantoms"), seed), cancellation);
        var facts = await PromoteTwiceAsync(folders, cancellation);

        Say("For comparison: a network of the same size, trained on the labelled cases alone");
        var store = new FolderBlobStore(data.Path);
        var labelledOnly = await new LabelledOnly(store, recipe, output).TrainAsync(cancellation);
        var pictures = await new Pictures(store, Path.Combine(data.Path, "pictures"), output).WriteAsync(facts.Second.Model.Version, cancellation);

        var promise = new DemoPromise(facts, await ProductionAsync(store, cancellation));
        DemoTable.Show(output, facts, labelledOnly, promise, pictures, _clock.Elapsed);
        return promise.IsKept ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private async Task<DemoFacts> PromoteTwiceAsync(IReadOnlyList<string> folders, CancellationToken cancellation)
    {
        await using var session = await PlatformSession.OpenAsync(data, new HostPlan("demo", Workers: true, Recipe: recipeName), cancellation);
        Say("Dropping three of them, and waiting for the first model");
        await DropAsync(session, folders.Take(3), cancellation);
        Say("Dropping the fourth: a new target. The label space grows, training goes on from the model in production");
        await DropAsync(session, folders.Skip(3), cancellation);
        return await DemoFacts.GatherAsync(session.Api, cancellation);
    }

    private async Task DropAsync(PlatformSession session, IEnumerable<string> folders, CancellationToken cancellation)
    {
        var drops = folders.Select(folder => new DropFolder(folder)).ToList();
        foreach (var drop in drops)
            await DropCommand.CopyAsync(drop, data, output, cancellation);
        foreach (var cycle in await new Watch(session, output).DropsAsync([.. drops.Select(drop => drop.Name)], cancellation))
        {
            if (cycle.Judgement is { } judgement && !output.IsJson)
                Verdict.Show(output, judgement);
            output.Line(Verdict.Sentence(cycle.Cycle));
            if (cycle.Cycle.State != CycleStates.Completed)
                throw new DomainException($"The demo expected a promotion; cycle {cycle.Cycle.Number} ended otherwise. 'versemi cycles {cycle.Cycle.Id} --data {data.Path}' tells its story.");
        }
    }

    private static async Task<Domain.Models.ProductionPointer?> ProductionAsync(FolderBlobStore store, CancellationToken cancellation) =>
        (await store.TryReadJsonAsync<Domain.Models.ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, cancellation))?.Value;

    private void Say(string what) => output.Line($"[{Out.Text(TimeSpan.FromSeconds(Math.Round(_clock.Elapsed.TotalSeconds)))}] {what}");
}
