using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

public sealed class DamagedModelTests(PromotedFixture promoted) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("weights.safetensors", "models/main/1/weights.safetensors' is damaged: ")]
    [InlineData("model.json", "models/main/1/model.json' is damaged: ")]
    public async Task A_file_of_a_model_that_was_changed_is_named_and_no_fault_of_versemi(string file, string named)
    {
        FolderCopy.Make(promoted.AsPromoted, _folder["data"]);
        await using (var damaged = File.OpenWrite(_folder[$"data/models/main/1/{file}"]))
            damaged.Write("no"u8);

        var image = Directory.EnumerateFiles(Path.Combine(promoted.Dataset, "imagesTs")).First();
        var (code, _, errors) = await VersemiProcess.RunAsync(
            ["segment", image, "-o", _folder["out"], "--data", _folder["data"]], RunningPlatform.Quick, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Contains(named, errors);
        Assert.DoesNotContain("fault of versemi itself", errors);
        Assert.DoesNotContain("   at ", errors);
    }
}
