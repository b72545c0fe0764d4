using VerSemi.DistributedKit;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;

namespace VerSemi.DistributedTests.Demo;

/// <summary>What the demo promises in one process (src/Cli/Demo/DemoPromise.cs), in three, and though its trainer is killed.</summary>
public sealed class DemoTests(DemoFixture fixture)
{
    [Fact]
    public async Task The_demo_makes_two_promotions_through_three_processes()
    {
        var demo = await fixture.DemoAsync();
        Assert.Equal([(1, "promotion"), (2, "promotion")], demo.Ledger.Select(row => (row.Generation, row.Kind)));
        var pointer = await demo.System.OpenBlobs().ReadJsonAsync<ProductionPointer>(BlobLayout.Production("main"), DomainJson.Readable, TestContext.Current.CancellationToken);
        Assert.Equal(new ProductionPointer(2, demo.Ledger[1].Version), pointer);
    }

    [Fact]
    public async Task The_second_model_knows_one_target_more_and_is_no_worse_on_the_others()
    {
        var models = (await fixture.DemoAsync()).Models;
        var (first, second) = (models[0].Evaluation!, models[1].Evaluation!);
        foreach (var task in second.Tasks)
            TestContext.Current.TestOutputHelper!.WriteLine($"{task}: {first.MeanDice(task):0.0000} then {second.MeanDice(task):0.0000}");
        foreach (var model in models)
            TestContext.Current.TestOutputHelper!.WriteLine($"main/{model.Model.Version}: {model.Manifest.Weights}");
        Assert.Equal(["kidney", "liver", "vessel"], first.Tasks.Select(Label).Order());
        Assert.Equal(["nodule"], second.Tasks.Except(first.Tasks).Select(Label));
        Assert.All(first.Tasks, task => Assert.True(second.MeanDice(task) > first.MeanDice(task) - DistributedDemo.Margin, task));
        Assert.InRange(second.Tasks.Average(second.MeanDice), DistributedDemo.LeastDice, 1);
    }

    [Fact]
    public async Task The_training_whose_worker_was_killed_went_on_from_its_checkpoint()
    {
        var demo = await fixture.DemoAsync();
        var run = await demo.RunOfAsync(demo.Cycles[0], TestContext.Current.CancellationToken);
        Assert.Equal(["Expired", nameof(WorkOutcome.Done)], run.Attempts.Where(attempt => attempt.Work == WorkKind.Train).OrderBy(attempt => attempt.Number).Select(attempt => attempt.Outcome));
        Assert.Equal(2, run.Training!.Attempt);
    }

    private static string Label(string task) => task[(task.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
