using VerSemi.Domain.Catalogue;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A second drop of a dataset.</summary>
public sealed class UnionTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_same_drop_under_another_name_changes_nothing()
    {
        DropFolder.Msd(_rig.DropPath("a"));
        DropFolder.Msd(_rig.DropPath("b"));
        await _rig.IngestAsync("a");
        var before = _rig.Datasets();
        var report = await _rig.IngestAsync("b");
        Assert.Equal(IngestOutcome.Unchanged, report!.Outcome);
        Assert.Equal(before, _rig.Datasets());
        Assert.Equal("a", (await _rig.HeadAsync("toy"))!.Drop);
    }

    [Fact]
    public async Task Licence_consent_and_purpose_stand_in_the_manifest_and_a_change_of_them_is_said()
    {
        DropFolder.Msd(_rig.DropPath("a"), versemi: new { consent = "form 1", purpose = "research" });
        await _rig.IngestAsync("a");
        var terms = (await _rig.ManifestAsync("toy")).Terms;
        Assert.Equal(("toy", "CC0", "form 1", "research"), (terms.Dataset, terms.Licence, terms.Consent, terms.Purpose));

        DropFolder.Msd(_rig.DropPath("b"), first: 10, versemi: new { consent = "form 2" });
        var report = await _rig.IngestAsync("b");
        var after = (await _rig.ManifestAsync("toy")).Terms;
        Assert.Equal(("form 2", "research"), (after.Consent, after.Purpose));
        Assert.Single(report!.Notes, note => note.Contains("consent was 'form 1'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_drop_with_a_report_is_not_looked_at_again_until_it_changes()
    {
        var drop = DropFolder.Msd(_rig.DropPath("a"));
        await _rig.IngestAsync("a");
        var sent = _rig.Bus.Sent.Count;
        File.WriteAllText(drop["_notes.txt"], "names with an underscore are not part of a drop");
        await _rig.IngestAsync("a");
        Assert.Equal(sent, _rig.Bus.Sent.Count);

        drop.Image("imagesTs/new.nii.gz", 50);
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("a"))!.Outcome);
        Assert.Contains("new", (await _rig.ManifestAsync("toy")).Cases.Select(c => c.Id));
    }

    [Fact]
    public async Task A_second_drop_is_united_with_the_first_and_no_patient_changes_its_split()
    {
        DropFolder.Msd(_rig.DropPath("a"), labelled: 12, unlabelled: 1);
        DropFolder.Msd(_rig.DropPath("b"), labelled: 30, unlabelled: 0, first: 12);
        await _rig.IngestAsync("a");
        var first = await _rig.ManifestAsync("toy");
        await _rig.IngestAsync("b");
        var second = await _rig.ManifestAsync("toy");

        Assert.Equal(42, second.Cases.Count);
        Assert.Empty(second.Unlabelled); // c12 got its label
        Assert.Equal(first.Cases.Where(c => c.Split is not null).Select(c => (c.Id, c.Split)), second.Cases.Take(12).Select(c => (c.Id, c.Split)));
        Assert.Equal((first.Splits.TestBelow, first.Splits.ValidationBelow), (second.Splits.TestBelow, second.Splits.ValidationBelow));
        Assert.Equal(2, (await _rig.HeadAsync("toy"))!.Generation);
    }

    [Fact]
    public async Task A_changed_case_is_replaced_and_a_label_is_never_lost_to_an_image_without_one()
    {
        DropFolder.Msd(_rig.DropPath("a"));
        await _rig.IngestAsync("a");
        var first = await _rig.ManifestAsync("toy");

        DropFolder.Msd(_rig.DropPath("b"), labelled: 1, unlabelled: 0).Label("labelsTr/c00.nii.gz", 5, 1);
        await _rig.IngestAsync("b");
        var second = await _rig.ManifestAsync("toy");
        Assert.Equal((first.Cases[0].Image, 4), (second.Cases[0].Image, second.Cases.Count));
        Assert.NotEqual(first.Cases[0].Label, second.Cases[0].Label);

        new DropFolder(_rig.DropPath("toy")).Image("c01.nii.gz", 1).Image("c02.nii.gz", 99).Image("c09.nii.gz", 9);
        var report = await _rig.IngestAsync("toy");
        var third = await _rig.ManifestAsync("toy");
        Assert.Equal(second.Cases, third.Cases.Where(c => c.Id != "c09"), (x, y) => (x.Id, x.Image, x.Label) == (y.Id, y.Image, y.Label));
        Assert.Contains("c02.nii.gz: the dataset holds another, labelled image of this name", Assert.Single(report!.Cases, c => c.Quarantined is not null).Quarantined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_image_is_in_one_case()
    {
        DropFolder.Msd(_rig.DropPath("a"), labelled: 2, unlabelled: 2).Image("imagesTs/c02.nii.gz", 0).Image("imagesTs/c03.nii.gz", 1).Label("labelsTs/c03.nii.gz", 3, 1);
        var report = await _rig.IngestAsync("a");
        var left = report!.Cases.Where(c => c.Quarantined is not null).ToList();
        Assert.Equal(["c01", "c02"], left.Select(c => c.Id)); // the sealed copy of image 1 stays, and the labelled one of image 0
        Assert.Contains("imagesTr/c01.nii.gz: the same image as case 'c03', with another label", left[0].Quarantined, StringComparison.Ordinal);
        Assert.Equal(["c00", "c03"], (await _rig.ManifestAsync("toy")).Cases.Select(c => c.Id));

        // Unlabelled before, labelled under another name now: the label wins.
        new DropFolder(_rig.DropPath("pool")).Image("u.nii.gz", 40).Image("v.nii.gz", 41);
        DropFolder.Msd(_rig.DropPath("b"), "pool", labelled: 1, unlabelled: 0, first: 40);
        await _rig.IngestAsync("pool");
        report = await _rig.IngestAsync("b");
        Assert.Equal(["c40", "v"], (await _rig.ManifestAsync("pool")).Cases.Select(c => c.Id));
        Assert.Contains(report!.Notes, note => note.StartsWith("Case 'u' of an earlier drop leaves the dataset", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_images_of_a_sealed_patient_are_not_trained_on()
    {
        var drop = DropFolder.Msd(_rig.DropPath("a"), labelled: 2, unlabelled: 2, versemi: new { patients = new Dictionary<string, string> { ["c02"] = "p", ["c03"] = "p" } });
        drop.Label("labelsTs/c02.nii.gz", 2, 1);
        var report = await _rig.IngestAsync("a");
        Assert.Contains("patient 'p' is in the sealed test split", report!.Cases.Single(c => c.Id == "c03").Quarantined, StringComparison.Ordinal);
        Assert.Empty((await _rig.ManifestAsync("toy")).Unlabelled);
    }

    [Fact]
    public async Task A_label_value_that_changes_its_meaning_refuses_the_drop()
    {
        DropFolder.Msd(_rig.DropPath("a"));
        await _rig.IngestAsync("a");
        var before = _rig.Datasets();
        DropFolder.Msd(_rig.DropPath("b"), first: 20, labels: ["Spleen"]);
        var report = await _rig.IngestAsync("b");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.Contains("Label 1 means 'toy/spleen' in this drop, but 'toy/liver'", report.Refusal, StringComparison.Ordinal);
        Assert.Equal(before, _rig.Datasets());
    }

    [Fact]
    public async Task More_structures_are_taken_only_where_every_labelled_case_has_them()
    {
        DropFolder.Msd(_rig.DropPath("a"));
        await _rig.IngestAsync("a");
        DropFolder.Msd(_rig.DropPath("b"), first: 20, labels: ["Liver", "Spleen"]);
        Assert.Contains("What was not drawn is not background", (await _rig.IngestAsync("b"))!.Refusal, StringComparison.Ordinal);

        DropFolder.Msd(_rig.DropPath("c"), labels: ["Liver", "Spleen"]);
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("c"))!.Outcome);
        Assert.Equal(["toy/liver", "toy/spleen"], (await _rig.ManifestAsync("toy")).Labels.Select(l => l.TaskId));
    }

    [Fact]
    public async Task Two_drops_of_one_dataset_at_once_are_both_taken()
    {
        DropFolder.Msd(_rig.DropPath("a"));
        DropFolder.Msd(_rig.DropPath("b"), first: 20);
        await Task.WhenAll(Task.Run(() => _rig.IngestAsync("a")), Task.Run(() => _rig.IngestAsync("b")));
        Assert.Equal(8, (await _rig.ManifestAsync("toy")).Cases.Count);
        Assert.Equal(2, (await _rig.HeadAsync("toy"))!.Generation);
    }
}
