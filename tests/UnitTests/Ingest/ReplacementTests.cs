using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A case of the same name with another image, the same scan twice, and labels that mark hardly anything.</summary>
public sealed class ReplacementTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Another_sites_cases_of_the_same_names_refuse_the_drop_and_leave_nothing()
    {
        Site("a", 100);
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("a"))!.Outcome);
        var before = _rig.Datasets();
        Site("b", 200).Image("imagesTr/c09.nii.gz", 9);
        var report = await _rig.IngestAsync("b");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.Contains("2 case(s) of this drop have the name of a case of dataset 'toy'", report.Refusal, StringComparison.Ordinal);
        Assert.Contains("c00, c01", report.Refusal, StringComparison.Ordinal);
        Assert.Equal(before, _rig.Datasets());
    }

    [Fact]
    public async Task A_pool_of_unlabelled_images_is_not_replaced_either()
    {
        new DropFolder(_rig.DropPath("toy")).Image("c00.nii.gz", 100);
        await _rig.IngestAsync("toy");
        Site("b", 200);
        Assert.Equal(IngestOutcome.Refused, (await _rig.IngestAsync("b"))!.Outcome);
    }

    [Fact]
    public async Task The_drop_that_brought_an_image_may_correct_it_and_another_one_that_says_so()
    {
        var a = Site("a", 100);
        await _rig.IngestAsync("a");
        DropFolder.Msd(_rig.DropPath("other"), labelled: 1, unlabelled: 0, first: 5);
        await _rig.IngestAsync("other");

        a.Image("imagesTr/c01.nii.gz", 300);
        var report = await _rig.IngestAsync("a");
        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Contains("1 case(s) replaced, whose images differ: c01.", report.Notes);

        Site("b", 400, """, "versemi": {"replace": true}""");
        report = await _rig.IngestAsync("b");
        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Contains("2 case(s) replaced, whose images differ: c00, c01.", report.Notes);
    }

    [Fact]
    public async Task A_label_that_is_drawn_anew_is_taken_and_said()
    {
        Site("a", 100);
        await _rig.IngestAsync("a");
        Site("b", 100).Label("labelsTr/c00.nii.gz", 8, 1);
        Assert.Contains("1 label(s) replaced, which differ: c00.", (await _rig.IngestAsync("b"))!.Notes);
    }

    [Fact]
    public async Task One_scan_in_two_orientations_or_under_two_headers_is_one_case()
    {
        var drop = Site("a", 100);
        var scan = NiftiFile.ReadImage(drop["imagesTr/c00.nii.gz"]);
        drop.Image("imagesTr/other.nii.gz", 7);
        NiftiFile.Write(drop["imagesTr/shifted.nii.gz"], new Volume<float>(scan.Grid with { Affine = Affine.Scaling(2, 2, 2) }, scan.Voxels));
        NiftiFile.Write(drop["imagesTr/turned.nii.gz"], Turned(scan));
        var report = await _rig.IngestAsync("a");
        Assert.Equal(["c00", "c01", "other"], (await _rig.ManifestAsync("toy")).Cases.Select(entry => entry.Id));
        Assert.All(["shifted", "turned"], id => Assert.Contains("the same scan, in another orientation or under another header, as case 'c00'", report!.Cases.Single(one => one.Id == id).Quarantined, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scan_that_another_dataset_has_too_is_said_with_its_split()
    {
        DropFolder.Msd(_rig.DropPath("a"), "One", labelled: 12, unlabelled: 0);
        await _rig.IngestAsync("a");
        var test = (await _rig.ManifestAsync("one")).In(Split.Test).First();
        new DropFolder(_rig.DropPath("pool")).Image("x.nii.gz", int.Parse(test.Id[1..]));
        var note = Assert.Single((await _rig.IngestAsync("pool"))!.Notes, note => note.Contains("dataset 'one', too", StringComparison.Ordinal));
        Assert.Contains($"'x' (unlabelled) is '{test.Id}' (test) there", note, StringComparison.Ordinal);
        Assert.Contains("1 of them are held out in one dataset and trained on in the other", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_that_mark_nothing_at_all_refuse_a_new_dataset_and_may_join_one_that_marks_something()
    {
        Empty("a");
        Assert.Contains("Every label of the drop is empty: of 2 labelled case(s)", (await _rig.IngestAsync("a"))!.Refusal, StringComparison.Ordinal);

        DropFolder.Msd(_rig.DropPath("b"), first: 20);
        await _rig.IngestAsync("b");
        Empty("c");
        var report = await _rig.IngestAsync("c");
        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Contains("No label of this drop marks 'Liver' (1).", report.Notes);
    }

    [Fact]
    public async Task Structures_that_few_cases_mark_are_said()
    {
        var drop = DropFolder.Msd(_rig.DropPath("a"), labelled: 12, unlabelled: 0, labels: ["Liver", "Spleen", "Gland", "Duct"]);
        for (var i = 0; i < 12; i++)
            drop.Label($"labelsTr/c{i:00}.nii.gz", i, i == 3 ? [1, 2] : [1, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
        var notes = (await _rig.IngestAsync("a"))!.Notes;
        Assert.Contains("No label of this drop marks 'Gland' (3).", notes);
        Assert.Contains("Few of the 12 labelled cases mark 'Spleen' (2) in 1.", notes);
        Assert.Contains("Only a few voxels a case are marked as 'Liver' (1) with at most 1, 'Spleen' (2) with at most 1.", notes);
    }

    private static Volume<float> Turned(Volume<float> scan)
    {
        var (size, voxels) = (scan.Size, new float[scan.Voxels.Length]);
        for (var i = 0; i < voxels.Length; i++)
            voxels[i] = scan.Voxels[i - i % size.X + size.X - 1 - i % size.X];
        var (x, y, z) = scan.Grid.Affine.Column(0);
        return new Volume<float>(new Grid(size, Affine.FromColumns([(-x, -y, -z), scan.Grid.Affine.Column(1), scan.Grid.Affine.Column(2), scan.Grid.Affine.Apply(size.X - 1, 0, 0)])), voxels);
    }

    /// <summary>Two labelled cases, c00 and c01, of images from this number on.</summary>
    private DropFolder Site(string name, int image, string more = "")
    {
        var drop = new DropFolder(_rig.DropPath(name));
        foreach (var i in Enumerable.Range(0, 2))
            drop.Image($"imagesTr/c{i:00}.nii.gz", image + i).Label($"labelsTr/c{i:00}.nii.gz", i, 1);
        return drop.Json($$"""{"name": "toy", "modality": {"0": "MRI"}, "labels": {"1": "Liver"}{{more}}}""");
    }

    private void Empty(string name)
    {
        var drop = Site(name, 500);
        foreach (var i in Enumerable.Range(0, 2))
            drop.Label($"labelsTr/c{i:00}.nii.gz", i);
    }
}
