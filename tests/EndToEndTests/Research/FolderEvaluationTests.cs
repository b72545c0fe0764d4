using VerSemi.EndToEndTests.CommandLine;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.Research;

/// <summary>What `versemi evaluate` says where there is nothing to score, by a model of MRI.</summary>
public sealed class FolderEvaluationTests(PromotedFixture promoted) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_split_without_cases_is_named_and_so_are_those_that_have_some()
    {
        var errors = await RefusalAsync(TinyDataset.Write(_folder["tiny1"], labelled: 6));

        Assert.Contains("split 'Test' has no case", errors);
        Assert.Contains("Training 6", errors);
    }

    [Fact]
    public async Task Images_of_a_modality_that_the_model_does_not_know_are_named_beside_what_it_knows()
    {
        var dataset = TinyDataset.Write(_folder["tiny1"], labelled: 10);
        var json = Path.Combine(dataset, "dataset.json");
        await File.WriteAllTextAsync(json, (await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken)).Replace("MRI", "CT", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Matches("split 'Test' has [1-9] cases? of CT, the model reads MRI", await RefusalAsync(dataset));
    }

    [Fact]
    public async Task Tasks_that_the_model_does_not_know_are_named_beside_those_that_it_knows() =>
        Assert.Matches("split 'Test' has [1-9] cases? of MRI, the model reads [1-9] of them .* they are for tiny2/cube, the model knows tiny1/ball", await RefusalAsync(TinyDataset.Write(_folder["tiny2"], label: "cube", labelled: 10)));

    private async Task<string> RefusalAsync(string dataset)
    {
        var (code, _, errors) = await promoted.RunAsync("evaluate", dataset);
        Assert.Equal(1, code);
        Assert.DoesNotContain("fault of versemi itself", errors);
        return errors;
    }
}
