using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Public datasets as they are downloaded: masks are no images.</summary>
public sealed class RawLayoutTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("TotalSegmentator", "s0001/ct.nii.gz", "s0001/segmentations/liver.nii.gz")]
    [InlineData("TotalSegmentator", "Totalsegmentator_dataset_v201/s0001/mri.nii.gz", "Totalsegmentator_dataset_v201/s0001/segmentations/liver.nii.gz")]
    [InlineData("KiTS", "data/case_00000/imaging.nii.gz", "data/case_00000/segmentation.nii.gz")]
    [InlineData("KiTS", "case_00000/imaging.nii.gz", "case_00000/segmentations/kidney_instance-1_annotation-1.nii.gz")]
    [InlineData("BraTS", "BraTS2021_00000/BraTS2021_00000_flair.nii.gz", "BraTS2021_00000/BraTS2021_00000_t1ce.nii.gz", "BraTS2021_00000/BraTS2021_00000_seg.nii.gz")]
    [InlineData("BraTS", "BraTS-GLI-00000-000/BraTS-GLI-00000-000-t1c.nii.gz", "BraTS-GLI-00000-000/BraTS-GLI-00000-000-t2f.nii.gz", "BraTS-GLI-00000-000/BraTS-GLI-00000-000-seg.nii.gz")]
    [InlineData("BIDS", "sub-01/anat/sub-01_T1w.nii.gz", "derivatives/labels/sub-01/anat/sub-01_T1w_lesion-manual.nii.gz")]
    [InlineData("BIDS", "sub-01/ses-1/anat/sub-01_T1w.nii.gz", "sub-01/ses-1/anat/sub-01_label-lesion_mask.nii.gz")]
    [InlineData("LiTS", "volume-0.nii", "segmentation-0.nii")]
    [InlineData("ACDC", "patient001/patient001_frame01.nii.gz", "patient001/patient001_frame01_gt.nii.gz")]
    [InlineData("named like masks", "images/a.nii.gz", "masks/a.nii.gz")]
    [InlineData("named like masks", "ct_1001_image.nii.gz", "ct_1001_label.nii.gz")]
    [InlineData("named like masks", "img0001.nii.gz", "groundTruth0001.nii.gz")]
    public async Task It_is_refused_by_its_name_with_the_way_out(string name, params string[] files)
    {
        var drop = new DropFolder(_rig.DropPath("d"));
        foreach (var (file, seed) in files.Select((file, seed) => (file, seed)))
            drop.Image(file, seed);
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.Contains(name, report.Refusal, StringComparison.Ordinal);
        Assert.Contains("labelsTr/⟨case⟩.nii.gz", report.Refusal, StringComparison.Ordinal);
        Assert.Empty(_rig.Datasets());
    }

    [Fact]
    public async Task Scans_of_one_name_in_a_folder_each_are_cases_of_their_own()
    {
        new DropFolder(_rig.DropPath("d")).Image("s0001/ct.nii.gz", 1).Image("s0002/ct.nii.gz", 2).Image("s0003/other.nii.gz", 3);
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("d"))!.Outcome);
        Assert.Equal(["other", "s0001_ct", "s0002_ct"], (await _rig.ManifestAsync("d")).Unlabelled.Select(entry => entry.Id));
    }

    [Fact]
    public async Task A_folder_of_subjects_without_masks_is_images_alone()
    {
        new DropFolder(_rig.DropPath("d")).Image("sub-01/anat/sub-01_T1w.nii.gz", 1).Image("sub-02/anat/sub-02_T1w.nii.gz", 2);
        Assert.Equal(2, (await _rig.IngestAsync("d"))!.Cases.Count);
    }

    [Fact]
    public async Task A_mask_that_its_name_does_not_tell_is_told_by_its_values()
    {
        var drop = new DropFolder(_rig.DropPath("d")).Image("case1/scan.nii.gz", 1).Label("case1/liver.nii.gz", 1, 1).Label("case1/organs.nii.gz", 1, 1, 2, 35);
        NiftiFile.Write(drop["case1/constant.nii.gz"], new Volume<float>(DropFolder.Grid, new float[DropFolder.Grid.Size.Count]));
        var report = await _rig.IngestAsync("d");
        Assert.Equal(["liver", "organs"], report!.Cases.Where(one => one.Quarantined is not null).Select(one => one.Id));
        Assert.Contains("case1/organs.nii.gz: it looks like a mask, not an image: its only values are 0, 1, 2, 35", report.Cases.Single(one => one.Id == "organs").Quarantined, StringComparison.Ordinal);
    }
}
