using VerSemi.Domain.Catalogue;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A drop that cannot be taken as a whole is refused with every reason, and nothing of it reaches datasets/.</summary>
public sealed class BadDropTests : IDisposable
{
    private readonly IngestRig _rig = new(configure: options => options.MaxDatasetJsonBytes = 10_000);

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("{\"name\": \"x\", ", "not valid JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"name\": \"a\", \"name\": \"b\"}", "not valid JSON")]
    [InlineData("""{"labels": {"1": "a"}, "training": [{"image": "./imagesTr/gone.nii.gz", "label": "./labelsTr/c00.nii.gz"}]}""", "lists 'imagesTr/gone.nii.gz', which is not in the drop")]
    [InlineData("""{"labels": {"1": "a"}, "training": [{"image": "../../up/c00.nii.gz", "label": "./labelsTr/c00.nii.gz"}]}""", "'../../up/c00.nii.gz', which leads out of the drop")]
    [InlineData("""{"labels": {"1": "a"}, "training": [{"image": "imagesTr/../../x.nii.gz", "label": "./labelsTr/c00.nii.gz"}]}""", "leads out of the drop")]
    [InlineData("""{"labels": {"1": "a"}, "training": [{"image": "/etc/passwd", "label": "./labelsTr/c00.nii.gz"}]}""", "'/etc/passwd', an absolute path")]
    [InlineData("""{"labels": {"1": "a"}, "training": [{"image": "C:/x.nii.gz", "label": "./labelsTr/c00.nii.gz"}]}""", "an absolute path")]
    [InlineData("""{"labels": {"1": "a"}, "test": ["..\\x.nii.gz"], "training": []}""", "with a backslash")]
    [InlineData("""{"labels": {"1": "a"}, "training": [{"image": "imagesTr/a\nb.nii.gz", "label": "./labelsTr/c00.nii.gz"}]}""", "control or invisible character U+000A")]
    [InlineData("""{"labels": {"1": "a"}, "training": [{"image": "imagesTr/c00.nii.gz ", "label": "./labelsTr/c00.nii.gz"}]}""", "begins or ends with a space")]
    [InlineData("{\"name\": \"a\",\n\"labels\": {\"1\": \"a\"},\n// by hand\n}", "not valid JSON in line 3")]
    [InlineData("{\"release\": NaN}", "not valid JSON in line 1")]
    [InlineData("{\"labels\":\n {\"1\": \"a\", \"1\": \"b\"}}", "'1'")]
    [InlineData("{\"labels\": {\"1\": \"a\"},\n\"name\": \"\\ud800\"}", "line 2 holds half of a surrogate pair")]
    [InlineData("{\"labels\": {\"1\": \"a\"}, \"\\udc00\": 1}", "half of a surrogate pair")]
    [InlineData("{\"description\": \"a\\u0000b\"}", "\\u0000")]
    [InlineData("""{"name": "a\nb", "labels": {"1": "a"}}""", "'a\\u000Ab'")]
    [InlineData("""{"labels": {"1": "a"}, "versemi": {"patients": {"c00": "p\u2028q"}}}""", "'p\\u2028q'")]
    [InlineData("""{"labels": {"1": "a"}, "training": [7]}""", "'training[0]' is 7")]
    [InlineData("""{"labels": {"1": "a"}, "training": {}}""", "'training' is an object")]
    [InlineData("""{"labels": {"whole": [1, 2]}}""", "region")]
    [InlineData("""{"labels": {"ignore": 2, "a": 1}}""", "ignore")]
    [InlineData("""{"labels": {"a": 1.5}}""", "1.5")]
    [InlineData("""{"labels": {"1": "Left Kidney", "2": "left-kidney"}}""", "the same task")]
    [InlineData("""{"labels": {"1": "a"}, "versemi": {"patient": {}}}""", "'versemi.patient' is unknown")]
    [InlineData("""{"labels": {"1": "a"}, "versemi": {"tasks": {"2": "x/y"}}}""", "does not name that value")]
    [InlineData("""{"labels": {"1": "a"}, "versemi": {"tasks": {"1": "No Slug"}}}""", "'No Slug'")]
    [InlineData("""{"labels": {"1": "a"}, "modality": {"0": "CT"}, "versemi": {"channel": 3}}""", "'versemi.channel' is 3")]
    [InlineData("""{"labels": {"1": "a"}, "file_ending": ".png"}""", "'.png'")]
    [InlineData("""{"labels": {"0": "background"}}""", "names no foreground value")]
    public async Task A_bad_dataset_json_refuses_the_drop(string json, string reason)
    {
        DropFolder.Msd(_rig.DropPath("d")).Json(json);
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.Contains("dataset.json", report.Refusal, StringComparison.Ordinal);
        Assert.Contains(reason, report.Refusal, StringComparison.Ordinal);
        AssertUntouched();
    }

    /// <summary>nnU-Net's list names cases by its keys, which may be any text.</summary>
    [Fact]
    public async Task A_case_that_is_named_like_a_path_leads_nowhere()
    {
        DropFolder.Msd(_rig.DropPath("d")).Json("""
            {"name": "toy", "labels": {"a": 1}, "channel_names": {"0": "MRI"}, "file_ending": ".nii.gz",
             "dataset": {"../../../models/main/production": {"images": ["imagesTr/c00.nii.gz"], "label": "labelsTr/c00.nii.gz"}}}
            """);
        var report = await _rig.IngestAsync("d");
        Assert.Contains(report!.Cases, found => found.Quarantined?.Contains("the case's name '../../../models/main/production' holds a '/'", StringComparison.Ordinal) == true);
        Assert.DoesNotContain((await _rig.ManifestAsync("toy")).Cases, entry => entry.Id.Contains('/'));
        await _rig.AssertNothingHalfWrittenAsync("toy");
        Assert.False(Directory.Exists(Path.Combine(_rig.Data, "models")));
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        DropFolder.Msd(_rig.DropPath("d")).Json("""{"labels": {"1": "a", "x": -1}, "file_ending": ".png", "training": ["/a.nii", "gone.nii"], "test": [3]}""");
        var report = await _rig.IngestAsync("d");
        Assert.Equal(5, report!.Refusal!.Split('\n').Length);
    }

    [Fact]
    public async Task A_huge_dataset_json_is_refused_unread()
    {
        DropFolder.Msd(_rig.DropPath("d")).Json("{" + new string(' ', 20_000) + "}");
        Assert.Contains("20002 bytes", (await _rig.IngestAsync("d"))!.Refusal, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public async Task A_link_out_of_the_drop_refuses_it()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        File.Delete(drop["imagesTr/c01.nii.gz"]);
        File.CreateSymbolicLink(drop["imagesTr/c01.nii.gz"], "/etc/passwd");
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.Equal("imagesTr/c01.nii.gz is a link to '/etc/passwd'; a drop holds the files themselves: copy the file into its place.", report.Refusal);
        AssertUntouched();
    }

    [Fact]
    public async Task A_linked_folder_refuses_the_drop_even_where_it_leads_round_in_a_circle()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        Directory.CreateSymbolicLink(drop["imagesUn"], drop.Path);
        Assert.Contains("imagesUn is a link", (await _rig.IngestAsync("d"))!.Refusal, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public async Task A_drop_that_is_itself_a_link_is_not_followed()
    {
        using var elsewhere = new TempFolder();
        DropFolder.Msd(elsewhere["d"]);
        Directory.CreateDirectory(Path.Combine(_rig.Data, "incoming"));
        Directory.CreateSymbolicLink(_rig.DropPath("d"), elsewhere["d"]);
        var thrown = await Assert.ThrowsAsync<VerSemi.Platform.Blobs.BlobLinkException>(() => _rig.IngestAsync("d"));
        Assert.Contains("incoming/d", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(_rig.Log.Errors, error => error.Contains("is a link to", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(elsewhere["d"], "_report")));
        Assert.Empty(_rig.Datasets());
    }

    [Fact]
    public async Task Labels_without_a_dataset_json_are_not_taken_for_images()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        File.Delete(drop["dataset.json"]);
        Assert.Contains("no dataset.json says what its values mean", (await _rig.IngestAsync("d"))!.Refusal, StringComparison.Ordinal);
        AssertUntouched();
    }

    [Fact]
    public async Task A_drop_without_images_is_refused()
    {
        new DropFolder(_rig.DropPath("d")).Json("""{"labels": {"1": "a"}}""");
        Assert.Contains("no image", (await _rig.IngestAsync("d"))!.Refusal, StringComparison.Ordinal);
    }

    private void AssertUntouched()
    {
        Assert.Empty(_rig.Datasets());
        _rig.AssertNoTemporaryFiles();
        Assert.True(File.Exists(Path.Combine(_rig.DropPath("d"), "_report/report.md")));
        Assert.True(File.Exists(Path.Combine(_rig.DropPath("d"), "labelsTr/c00.nii.gz")));
    }
}
