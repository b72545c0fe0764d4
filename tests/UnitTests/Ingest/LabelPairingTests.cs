using VerSemi.Domain.Catalogue;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Labels that are named in another way than their images, and files that would be ignored without a word.</summary>
public sealed class LabelPairingTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("_0000")]
    [InlineData("_seg")]
    [InlineData("-label")]
    public async Task A_label_with_a_suffix_behind_its_cases_name_belongs_to_it(string suffix)
    {
        var drop = DropFolder.NnUNet(_rig.DropPath("d"), ["CT"]);
        Rename(drop, "labelsTr", name => name.Replace(".nii.gz", $"{suffix}.nii.gz", StringComparison.Ordinal));
        Assert.Equal(["n00 training", "n01 training", "n02 training"], Roles(await _rig.IngestAsync("d")));
    }

    [Fact]
    public async Task Labels_of_which_none_has_an_images_name_refuse_the_drop()
    {
        var drop = DropFolder.NnUNet(_rig.DropPath("d"), ["CT"]);
        Rename(drop, "labelsTr", name => name.Replace("n0", "annotated0", StringComparison.Ordinal));
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.Contains("Not one of the 3 label file(s) has the name of an image", report.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cases_that_are_numbered_as_channels_are_stay_cases_where_labels_have_their_names()
    {
        var drop = DropFolder.NnUNet(_rig.DropPath("d"), ["CT"]);
        Rename(drop, "imagesTr", name => $"liver_000{name[2]}.nii.gz");
        Rename(drop, "labelsTr", name => $"liver_000{name[2]}.nii.gz");
        Assert.Equal(["liver_0000 training", "liver_0001 training", "liver_0002 training"], Roles(await _rig.IngestAsync("d")));
    }

    [Fact]
    public async Task A_channel_that_is_not_declared_is_no_case_and_is_said()
    {
        var drop = DropFolder.NnUNet(_rig.DropPath("d"), ["CT"]).Image("imagesTr/n00_0001.nii.gz", 900);
        var report = await _rig.IngestAsync("d");
        Assert.Equal(["n00 training", "n01 training", "n02 training"], Roles(report));
        Assert.Contains(report!.Notes, note => note.Contains("channels that dataset.json does not declare", StringComparison.Ordinal) && note.Contains("n00_0001", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_case_that_is_listed_without_its_label_is_paired_with_it()
    {
        DropFolder.Msd(_rig.DropPath("d"), labelled: 2, unlabelled: 0).Json(
            """{"name": "toy", "modality": {"0": "MRI"}, "labels": {"1": "Liver"}, "training": ["./imagesTr/c00.nii.gz", {"image": "./imagesTr/c01.nii.gz", "label": "./labelsTr/c01.nii.gz"}]}""");
        Assert.Equal(["c00 training", "c01 training"], Roles(await _rig.IngestAsync("d")));
    }

    [Fact]
    public async Task What_is_ignored_or_has_no_label_is_said()
    {
        var drop = DropFolder.NnUNet(_rig.DropPath("d"), ["CT"]).Image("imagesTr/n77_0000.nii.gz", 77).Image("extra/scan.nii.gz", 5);
        File.WriteAllText(drop["imagesTr/old.mha"], "");
        var notes = string.Join('\n', (await _rig.IngestAsync("d"))!.Notes);
        Assert.Contains("1 of 4 training cases have no label file and are unlabelled now: n77", notes, StringComparison.Ordinal);
        Assert.Contains("1 NIfTI file(s) were ignored", notes, StringComparison.Ordinal);
        Assert.Contains("extra/scan.nii.gz", notes, StringComparison.Ordinal);
        Assert.Contains("1 file(s) in other formats were ignored: imagesTr/old.mha", notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_0_that_is_an_organ_is_said_and_the_usual_names_of_background_are_not()
    {
        foreach (var (drop, zero) in new[] { ("a", "spleen"), ("b", "Background"), ("c", "clear label") })
            DropFolder.Msd(_rig.DropPath(drop), drop, labelled: 1, unlabelled: 0).Json($$$"""{"name": "{{{drop}}}", "modality": {"0": "MRI"}, "labels": {"0": "{{{zero}}}", "1": "Liver"}}""");
        Assert.Contains((await _rig.IngestAsync("a"))!.Notes, note => note.Contains("value 0 'spleen'", StringComparison.Ordinal));
        Assert.DoesNotContain((await _rig.IngestAsync("b"))!.Notes, note => note.Contains("value 0", StringComparison.Ordinal));
        Assert.DoesNotContain((await _rig.IngestAsync("c"))!.Notes, note => note.Contains("value 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_region_of_one_value_is_that_value()
    {
        DropFolder.Msd(_rig.DropPath("d")).Json("""{"name": "toy", "channel_names": {"0": "MRI"}, "labels": {"background": 0, "Liver": [1]}, "regions_class_order": [1], "file_ending": ".nii.gz"}""");
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("d"))!.Outcome);
        Assert.Equal(1, Assert.Single((await _rig.ManifestAsync("toy")).Labels).Value);
    }

    private static void Rename(DropFolder drop, string folder, Func<string, string> name)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(drop.Path, folder)).ToList())
            File.Move(file, Path.Combine(drop.Path, folder, name(Path.GetFileName(file))));
    }

    private static IEnumerable<string> Roles(IngestReport? report) => report!.Cases.Select(one => $"{one.Id} {one.Role}");
}
