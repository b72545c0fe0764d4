using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

public sealed class WithdrawalTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task After_a_withdrawal_no_file_holds_the_voxels_and_the_others_are_as_they_were()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        var (image, label) = Voxels("d", "c01");
        var (other, _) = Voxels("d", "c00");
        var before = await _rig.ManifestAsync("toy");

        var record = await _rig.WithdrawAsync(Case("toy", "c01"));

        Assert.Empty(VoxelSearch.Holders(image, _rig.Folder));
        Assert.Empty(VoxelSearch.Holders(label, _rig.Folder));
        Assert.Equal(2, VoxelSearch.Holders(other, _rig.Folder).Count);
        var after = await _rig.ManifestAsync("toy");
        Assert.Equal(before.Cases.Where(entry => entry.Id != "c01"), after.Cases, SameCase);
        Assert.Equal(before.Labels, after.Labels);
        Assert.Equal((2, $"withdrawal {record!.Request.Withdrawal}"), ((await _rig.HeadAsync("toy"))!.Generation, (await _rig.HeadAsync("toy"))!.Drop));
        Assert.Equal(after.Version, record.Versions["toy"]);
        Assert.Equal(5, record.Erased.Count); // image and label as dropped and canonical, and the picture
        Assert.NotNull(await _rig.Store.FindAsync(BlobLayout.DatasetManifest("toy", before.Version), TestContext.Current.CancellationToken));
        Assert.Contains(_rig.Bus.Sent, sent => sent.Message is CasesWithdrawn);
        await _rig.AssertNoOpenWithdrawalAsync();
    }

    [Fact]
    public async Task The_tombstone_does_not_name_the_case()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        await _rig.WithdrawAsync(Case("toy", "c01"));
        var text = await File.ReadAllTextAsync(Path.Combine(_rig.Data, BlobLayout.Withdrawn("toy")), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("c01", text.Replace(ContentHash.OfText("x"), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(WithdrawnCases.OfCase("toy", "c01"), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drop_is_not_taken_in_again_though_it_still_lists_the_files()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        await _rig.WithdrawAsync(Case("toy", "c01"));
        _rig.Bus.Sent.Clear();
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Contains(report.Notes, note => note.Contains("withdrawal", StringComparison.Ordinal));
        Assert.Empty(_rig.Bus.Sent);
    }

    [Fact]
    public async Task A_drop_that_changes_afterwards_is_taken_in_without_the_case()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        await _rig.WithdrawAsync(Case("toy", "c01"));
        drop.Image("imagesTs/c09.nii.gz", 9);
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Contains("was withdrawn", report.Cases.Single(found => found.Id == "c01").Quarantined, StringComparison.Ordinal);
        Assert.Equal(["c00", "c02", "c03", "c09"], (await _rig.ManifestAsync("toy")).Cases.Select(entry => entry.Id));
    }

    [Theory]
    [InlineData("Toy", "c01")]
    [InlineData("Toy", "other")]
    [InlineData("Somewhere else", "other")]
    public async Task A_withdrawn_image_that_is_dropped_again_is_quarantined(string dataset, string name)
    {
        DropFolder.Msd(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        await _rig.WithdrawAsync(Case("toy", "c01"));
        var again = new DropFolder(_rig.DropPath("again")).Image($"imagesTr/{name}.nii.gz", 1).Label($"labelsTr/{name}.nii.gz", 1, 1)
            .Image("imagesTr/new.nii.gz", 40).Label("labelsTr/new.nii.gz", 40, 1);
        again.Json(new { name = dataset, channel_names = new Dictionary<string, string> { ["0"] = "MRI" }, labels = new Dictionary<string, int> { ["background"] = 0, ["Liver"] = 1 }, file_ending = ".nii.gz", numTraining = 2 });
        var report = await _rig.IngestAsync("again");
        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Contains("was withdrawn", report.Cases.Single(found => found.Id == name).Quarantined, StringComparison.Ordinal);
        Assert.DoesNotContain((await _rig.ManifestAsync(report.Dataset!)).Cases, entry => entry.Id == name);
        Assert.Single(VoxelSearch.Holders(VoxelSearch.VoxelsOf(again[$"imagesTr/{name}.nii.gz"]), _rig.Folder));

        // Withdrawn once more, what came back goes, too.
        await _rig.WithdrawAsync(Case("toy", "c01") with { Withdrawal = "w2" });
        Assert.False(File.Exists(again[$"imagesTr/{name}.nii.gz"]));
        Assert.False(File.Exists(again[$"labelsTr/{name}.nii.gz"]));
        Assert.True(File.Exists(again["labelsTr/new.nii.gz"]));
    }

    [Fact]
    public async Task Copies_under_other_names_in_other_drops_and_datasets_go_too()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        DropFolder.Msd(_rig.DropPath("copy"), name: "Copy");
        await _rig.IngestAsync("d");
        await _rig.IngestAsync("copy");
        var (image, label) = Voxels("d", "c01");
        File.Copy(Path.Combine(_rig.DropPath("d"), "imagesTr/c01.nii.gz"), Path.Combine(_rig.DropPath("d"), "scan.bak"));
        Directory.CreateDirectory(_rig.DropPath("stray"));
        File.Copy(Path.Combine(_rig.DropPath("d"), "labelsTr/c01.nii.gz"), Path.Combine(_rig.DropPath("stray"), "mask.nii.gz"));
        Assert.Equal((5, 5), (VoxelSearch.Holders(image, _rig.Folder).Count, VoxelSearch.Holders(label, _rig.Folder).Count));

        await _rig.WithdrawAsync(Case("toy", "c01"));

        Assert.Empty(VoxelSearch.Holders(image, _rig.Folder));
        Assert.Empty(VoxelSearch.Holders(label, _rig.Folder));
        Assert.DoesNotContain((await _rig.ManifestAsync("copy")).Cases, entry => entry.Id == "c01");
        Assert.Equal(3, (await _rig.ManifestAsync("copy")).Cases.Count);
    }

    [Fact]
    public async Task A_case_of_the_same_name_with_another_image_in_another_dataset_stays()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        DropFolder.Msd(_rig.DropPath("e"), name: "Other", first: 1);
        File.Delete(Path.Combine(_rig.DropPath("e"), "imagesTr/c01.nii.gz"));
        new DropFolder(_rig.DropPath("e")).Image("imagesTr/c01.nii.gz", 77);
        await _rig.IngestAsync("d");
        await _rig.IngestAsync("e");
        var (other, _) = Voxels("e", "c01");
        await _rig.WithdrawAsync(Case("toy", "c01"));
        Assert.Contains((await _rig.ManifestAsync("other")).Cases, entry => entry.Id == "c01");
        Assert.Equal(2, VoxelSearch.Holders(other, _rig.Folder).Count);
    }

    [Fact]
    public async Task A_label_that_another_case_has_too_stays()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        File.Copy(drop["labelsTr/c01.nii.gz"], drop["labelsTr/c02.nii.gz"], overwrite: true);
        await _rig.IngestAsync("d");
        var shared = (await _rig.ManifestAsync("toy")).Cases.Single(entry => entry.Id == "c02").Label!;
        await _rig.WithdrawAsync(Case("toy", "c01"));
        Assert.NotNull(await _rig.Store.FindAsync(BlobLayout.Voxels("toy", shared), TestContext.Current.CancellationToken));
        Assert.True(File.Exists(drop["labelsTr/c02.nii.gz"]));
        Assert.False(File.Exists(drop["labelsTr/c01.nii.gz"]));
    }

    [Fact]
    public async Task A_label_that_was_replaced_before_goes_with_its_case()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        var (_, first) = Voxels("d", "c01");
        drop.Label("labelsTr/c01.nii.gz", 50, 1, 1, 1);
        await _rig.IngestAsync("d");
        Assert.Single(VoxelSearch.Holders(first, _rig.Folder));
        await _rig.WithdrawAsync(Case("toy", "c01"));
        Assert.Empty(VoxelSearch.Holders(first, _rig.Folder));
    }

    [Fact]
    public async Task All_channels_of_a_case_go()
    {
        DropFolder.NnUNet(_rig.DropPath("n"), ["T1", "T2"]);
        await _rig.IngestAsync("n");
        await _rig.WithdrawAsync(Case("n", "n01"));
        Assert.Equal(["imagesTr/n00_0000.nii.gz", "imagesTr/n00_0001.nii.gz", "imagesTr/n02_0000.nii.gz", "imagesTr/n02_0001.nii.gz", "labelsTr/n00.nii.gz", "labelsTr/n02.nii.gz"],
            Directory.EnumerateFiles(_rig.DropPath("n"), "*.gz", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_rig.DropPath("n"), file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task All_of_a_patient_goes_and_none_of_it_comes_back()
    {
        DropFolder.Msd(_rig.DropPath("d"), versemi: new { patients = new Dictionary<string, string> { ["c00"] = "p", ["c03"] = "p" } });
        DropFolder.Msd(_rig.DropPath("e"), name: "Other", first: 20, versemi: new { patients = new Dictionary<string, string> { ["c21"] = "p" } });
        await _rig.IngestAsync("d");
        await _rig.IngestAsync("e");
        await _rig.WithdrawAsync(new WithdrawCases("w1", At, null, null, "p"));
        Assert.Equal(["c01", "c02"], (await _rig.ManifestAsync("toy")).Cases.Select(entry => entry.Id));
        Assert.Equal(["c20", "c22", "c23"], (await _rig.ManifestAsync("other")).Cases.Select(entry => entry.Id));
        Assert.DoesNotContain("p", (await _rig.ManifestAsync("toy")).Splits.Patients.Keys);

        DropFolder.Msd(_rig.DropPath("f"), name: "Third", first: 30, versemi: new { patients = new Dictionary<string, string> { ["c31"] = "p" } });
        var report = await _rig.IngestAsync("f");
        Assert.Contains("was withdrawn", report!.Cases.Single(found => found.Id == "c31").Quarantined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_of_which_every_case_was_withdrawn_has_a_version_without_cases()
    {
        DropFolder.Msd(_rig.DropPath("d"), labelled: 1, unlabelled: 0);
        await _rig.IngestAsync("d");
        await _rig.WithdrawAsync(Case("toy", "c00"));
        var manifest = await _rig.ManifestAsync("toy");
        Assert.Empty(manifest.Cases);
        Assert.Empty(manifest.Labels);
        new DropFolder(_rig.DropPath("d")).Json(await File.ReadAllTextAsync(Path.Combine(_rig.DropPath("d"), "dataset.json"), TestContext.Current.CancellationToken));
        Assert.Equal((IngestOutcome.Unchanged, manifest.Version), await OutcomeAsync("d"));
    }

    [Fact]
    public async Task While_a_withdrawal_is_open_nothing_is_taken_in()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        var path = BlobLayout.OpenWithdrawal("w9");
        await _rig.Store.WriteAsync(path, new MemoryStream("{}"u8.ToArray()), cancellation: TestContext.Current.CancellationToken);
        Assert.Null(await _rig.IngestAsync("d"));
        await _rig.Store.DeleteAsync(path, TestContext.Current.CancellationToken);
        Assert.NotNull(await _rig.IngestAsync("d"));
    }

    [Fact]
    public async Task While_a_drop_is_worked_at_a_withdrawal_waits()
    {
        DropFolder.Msd(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        await using (await _rig.Store.TryLeaseAsync("ingest/d", TestContext.Current.CancellationToken))
            Assert.Null(await _rig.WithdrawAsync(Case("toy", "c01")));
        Assert.Equal(4, (await _rig.ManifestAsync("toy")).Cases.Count);
        Assert.NotNull(await _rig.WithdrawAsync(Case("toy", "c01")));
    }

    private static WithdrawCases Case(string dataset, string id) => new("w1", At, dataset, id, null);

    private (byte[] Image, byte[] Label) Voxels(string drop, string id) =>
        (VoxelSearch.VoxelsOf(Path.Combine(_rig.DropPath(drop), $"imagesTr/{id}.nii.gz")), VoxelSearch.VoxelsOf(Path.Combine(_rig.DropPath(drop), $"labelsTr/{id}.nii.gz")));

    private async Task<(IngestOutcome, string?)> OutcomeAsync(string drop) => await _rig.IngestAsync(drop) is { } report ? (report.Outcome, report.Version) : default;

    private static bool SameCase(CaseEntry a, CaseEntry b) => ContentHash.Of(a) == ContentHash.Of(b);
}
