using System.Text.Json.Nodes;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>By the model of a data folder, on this machine.</summary>
public class SegmentTests(PromotedFixture promoted) : SegmentContract(promoted)
{
    [Fact]
    public async Task A_model_that_is_not_there_is_named()
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await Promoted.RunAsync("segment", Image, "-o", folder["out"], "--model", "7");

        Assert.Equal(1, code);
        Assert.Contains("main/7", errors);
        Assert.False(Directory.Exists(folder["out"]));
    }
}

/// <summary>By a server's model in production.</summary>
public class ServerSegmentTests(ServedFixture served) : SegmentContract(served), IClassFixture<ServedFixture>
{
    [Fact]
    public async Task What_a_server_does_not_offer_is_a_wrong_call()
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await Promoted.RunAsync("segment", Image, "-o", folder["out"], "--probabilities");

        Assert.Equal(2, code);
        Assert.Contains("--probabilities", errors);
    }
}

/// <summary>What `versemi segment` does, wherever the model is.</summary>
public abstract class SegmentContract(CommandFixture promoted)
{
    protected CommandFixture Promoted => promoted;

    protected string Image => Directory.EnumerateFiles(Path.Combine(promoted.Dataset, "imagesTs")).Order(StringComparer.Ordinal).First();

    [Fact]
    public async Task Segment_writes_masks_and_a_label_map_on_the_images_own_grid_and_a_table()
    {
        using var folder = new TempFolder();

        var rows = (await promoted.JsonAsync("segment", Image, "-o", folder.Path)).AsArray();

        var row = Assert.Single(rows)!;
        Assert.Equal("tiny1/ball", row["task"]!.GetValue<string>());
        var (image, mask) = (NiftiFile.ReadImage(Image), NiftiFile.ReadLabel(folder[row["mask"]!.GetValue<string>()]));
        Assert.Equal(image.Grid, mask.Grid);
        Assert.Equal(row["voxels"]!.GetValue<long>(), mask.Voxels.LongCount(voxel => voxel == 1));
        var stem = Path.GetFileName(Image).Replace(".nii.gz", "", StringComparison.Ordinal);
        Assert.Equal(image.Grid, NiftiFile.ReadLabel(folder[$"{stem}_labels.nii.gz"]).Grid);
        Assert.Equal(rows.ToJsonString(), JsonNode.Parse(await File.ReadAllTextAsync(folder[$"{stem}_labels.json"], TestContext.Current.CancellationToken))!.ToJsonString());
    }

    [Theory]
    [InlineData(2, "--task no-such-task", "tiny1/ball")]
    [InlineData(2, "--modality CT", "MRI")]
    public async Task What_the_model_does_not_know_is_answered_by_what_it_knows(int expected, string option, string named)
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await promoted.RunAsync(["segment", Image, "-o", folder["out"], .. option.Split(' ')]);

        Assert.Equal(expected, code);
        Assert.Contains(named, errors);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_file_that_is_no_image_is_named_and_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["scan.nii"], "not an image", TestContext.Current.CancellationToken);

        var (code, _, errors) = await promoted.RunAsync("segment", folder["scan.nii"], "-o", folder["out"]);

        Assert.Equal(1, code);
        Assert.Contains("scan.nii", errors);
        Assert.False(Directory.Exists(folder["out"]));
    }
}
