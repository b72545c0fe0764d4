using VerSemi.Cli.Research;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Data;
using VerSemi.GpuTrainer.Training;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.Research;

public sealed class ResearchFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_folders_of_one_dataset_are_one_dataset_with_the_cases_of_both()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var research = new ResearchFolder(_folder["research"]);
        var folders = new[] { DropFolder.Msd(_folder["monday"], first: 0), DropFolder.Msd(_folder["tuesday"], first: 4), DropFolder.Msd(_folder["other"], name: "Other") };

        var names = await research.IngestAsync([.. folders.Select(folder => folder.Path)], _ => { }, cancellation);

        Assert.Equal(["toy", "other"], names);
        var run = await LocalTraining.SpecifyAsync(research.Store, names, new TrainingRecipe(), seed: 1, cancellation);
        var data = await TrainingData.LoadAsync(research.Store, run.LabelSpace, run.Datasets, cancellation);
        Assert.Equal([8, 4], data.Datasets.Select(dataset => dataset.Cases.Count));
    }
}
