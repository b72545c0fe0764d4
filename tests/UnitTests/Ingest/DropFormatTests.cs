using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

public sealed class DropFormatTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task An_msd_folder_becomes_a_dataset_with_its_labelled_and_unlabelled_cases()
    {
        DropFolder.Msd(_rig.DropPath("first"), "My Toy", labelled: 12, unlabelled: 2, labels: ["Anterior", "Posterior"]);
        var report = await _rig.IngestAsync("first");
        var manifest = await _rig.ManifestAsync("my-toy");

        Assert.Equal((IngestOutcome.Committed, "my-toy", manifest.Version), (report!.Outcome, report.Dataset, report.Version));
        Assert.Equal(("My Toy", "MRI", "CC0"), (manifest.Title, manifest.Modality, manifest.Licence));
        Assert.Equal([(1, "my-toy/anterior", "Anterior"), (2, "my-toy/posterior", "Posterior")], manifest.Labels.Select(l => (l.Value, l.TaskId, l.Name)));
        Assert.Equal((4, 2, 6, 2), (manifest.In(Split.Test).Count(), manifest.In(Split.Validation).Count(), manifest.In(Split.Training).Count(), manifest.Unlabelled.Count()));
        Assert.Equal(["c12", "c13"], manifest.Unlabelled.Select(c => c.Id));
        Assert.Equal([6, 5, 4], manifest.Cases[0].Size);
        Assert.Equal([1, 1.5, 2], manifest.Cases[0].Spacing);
        Assert.Equal([new DatasetCommitted("my-toy", manifest.Version), new DropIngested("first", report.Fingerprint, "committed")], _rig.Bus.Sent.Select(sent => sent.Message));
        await _rig.AssertNothingHalfWrittenAsync("my-toy");
        Assert.Contains("| c12 | unlabelled |", await File.ReadAllTextAsync(Path.Combine(_rig.DropPath("first"), "_report/report.md"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_nnunet_folder_is_paired_by_names_and_its_first_channel_taken()
    {
        DropFolder.NnUNet(_rig.DropPath("Dataset007_Kidneys"), ["T1", "FLAIR"]).Image("imagesTs/n90_0000.nii.gz", 900).Image("imagesTs/n90_0001.nii.gz", 901);
        var report = await _rig.IngestAsync("Dataset007_Kidneys");
        var manifest = await _rig.ManifestAsync("dataset007-kidneys");

        Assert.Equal("MRI", manifest.Modality);
        Assert.Contains("'T1' is taken for the modality MRI.", report!.Notes);
        Assert.Equal(["n00", "n01", "n02", "n90"], manifest.Cases.Select(c => c.Id));
        Assert.Equal(["dataset007-kidneys/left-kidney", "dataset007-kidneys/tumour"], manifest.Labels.Select(l => l.TaskId));
        Assert.Contains(report!.Notes, note => note.Contains("channel 0 ('T1') was taken", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.StartsWith("Training only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_of_images_alone_is_an_unlabelled_dataset()
    {
        new DropFolder(_rig.DropPath("Scans 2024")).Image("a_0001.nii.gz", 1).Image("deep/b_0002.nii.gz", 2);
        var report = await _rig.IngestAsync("Scans 2024");
        var manifest = await _rig.ManifestAsync("scans-2024");

        Assert.Equal(["a_0001", "b_0002"], manifest.Unlabelled.Select(c => c.Id));
        Assert.Equal("MRI", manifest.Modality);
        Assert.Empty(manifest.Labels);
        Assert.Contains(report!.Notes, note => note.Contains("was taken for MRI", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_folder_itself_may_have_been_dropped()
    {
        DropFolder.Msd(Path.Combine(_rig.DropPath("outer"), "Task01_Toy"));
        File.WriteAllText(Path.Combine(_rig.DropPath("outer"), ".DS_Store"), "");
        Assert.Equal("toy", (await _rig.IngestAsync("outer"))!.Dataset);
    }

    [Fact]
    public async Task Labels_in_labelsTs_are_sealed_test_and_an_image_without_a_label_is_unlabelled_wherever_it_lies()
    {
        DropFolder.Msd(_rig.DropPath("d"), labelled: 2, unlabelled: 2).Label("labelsTs/c02.nii.gz", 2, 1).Image("imagesTr/extra.nii.gz", 77);
        var report = await _rig.IngestAsync("d");
        Assert.Equal([("c00", "training"), ("c01", "training"), ("c02", "test"), ("c03", "unlabelled"), ("extra", "unlabelled")], report!.Cases.Select(c => (c.Id, c.Role!)));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 5)]
    public async Task With_labelsTs_no_further_case_is_held_out_as_test_unless_the_drop_asks_for_it(bool? asked, int test)
    {
        DropFolder.Msd(_rig.DropPath("d"), labelled: 12, unlabelled: 1, versemi: asked is { } holdOutTest ? new { holdOutTest } : null).Label("labelsTs/c12.nii.gz", 12, 1);
        var report = await _rig.IngestAsync("d");
        Assert.Equal(test, report!.Cases.Count(found => found.Role == "test"));
        Assert.Equal(2, report.Cases.Count(found => found.Role == "validation"));
        Assert.Equal(asked != true, report.Notes.Any(note => note.Contains("labelsTs is the test set", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_versemi_section_names_tasks_and_patients()
    {
        DropFolder.Msd(_rig.DropPath("d"), labelled: 12, unlabelled: 0,
            versemi: new { tasks = new Dictionary<string, string> { ["1"] = "other/liver" }, patients = new Dictionary<string, string> { ["c00"] = "p", ["c01"] = "p" } });
        await _rig.IngestAsync("d");
        var manifest = await _rig.ManifestAsync("toy");
        Assert.Equal("other/liver", Assert.Single(manifest.Labels).TaskId);
        Assert.Equal(["p", "p", "c02"], manifest.Cases.Take(3).Select(c => c.Patient));
        Assert.Equal(manifest.Cases[0].Split, manifest.Cases[1].Split);
    }

    [Fact]
    public async Task Likely_matches_are_said_and_not_taken()
    {
        DropFolder.Msd(_rig.DropPath("a"), "One");
        DropFolder.Msd(_rig.DropPath("b"), "Two", first: 20, labels: ["whole liver"]);
        await _rig.IngestAsync("a");
        var report = await _rig.IngestAsync("b");
        Assert.Contains(report!.Notes, note => note.Contains("versemi tasks merge two/whole-liver one/liver", StringComparison.Ordinal));
        Assert.Equal("two/whole-liver", Assert.Single((await _rig.ManifestAsync("two")).Labels).TaskId);
    }
}
