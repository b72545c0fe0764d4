using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;
using VerSemi.UnitTests.Imaging.Nifti;

namespace VerSemi.UnitTests.Ingest;

/// <summary>docs/drops.md, "Geometry": what a case with a doubtful header comes to. Case c01 of three.</summary>
public sealed class GeometryTests : IDisposable
{
    private const string Image = "imagesTr/c01.nii.gz", Label = "labelsTr/c01.nii.gz";
    private readonly IngestRig _rig = new();
    private readonly DropFolder _drop;

    public GeometryTests() => _drop = DropFolder.Msd(_rig.DropPath("d"));

    public void Dispose() => _rig.Dispose();

    /// <summary>6×5×4 voxels of 2 mm: the scanner's qform, and a sform that lies 25 mm apart and half a turn about S.</summary>
    private static RawNifti TwoForms => Fitting() with
    {
        PixDim = [1, 2, 2, 2, 1, 1, 1, 1],
        SFormCode = 4,
        QFormCode = 1,
        SRows = [2, 0, 0, -45, 0, 2, 0, -40, 0, 0, 2, -30],
        Quaternion = [0, 0, 1],
        QOffset = [20, 20, -5],
    };

    [Fact]
    public async Task A_label_on_its_images_qform_is_taken_and_both_geometries_are_told()
    {
        TwoForms.WriteTo(_drop[Image]);
        (TwoForms with { SFormCode = 0, Voxels = Mask }).WriteTo(_drop[Label]);
        var found = await CaseAsync();
        Assert.Null(found.Quarantined);
        Assert.Contains(found.Notes, note => note.Contains("RAS", StringComparison.Ordinal) && note.Contains("LPS", StringComparison.Ordinal));
        Assert.Contains(found.Notes, note => note.Contains("one of the two geometries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_label_on_neither_of_two_geometries_is_quarantined_and_told_so()
    {
        TwoForms.WriteTo(_drop[Image]);
        (TwoForms with { SFormCode = 0, QOffset = [0, 0, 0], Voxels = Mask }).WriteTo(_drop[Label]);
        var found = await CaseAsync();
        Assert.Contains("the image holds two geometries", found.Quarantined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_size_that_sform_and_pixdim_disagree_about_quarantines_with_both()
    {
        (Fitting() with { PixDim = [1, 1.3, 1.3, 10, 1, 1, 1, 1] }).WriteTo(_drop[Image]);
        var found = await CaseAsync();
        Assert.StartsWith(Image, found.Quarantined, StringComparison.Ordinal);
        Assert.Contains("1 × 1.5 × 2 mm", found.Quarantined, StringComparison.Ordinal);
        Assert.Contains("1.3 × 1.3 × 10 mm", found.Quarantined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_in_another_order_of_axes_is_put_into_the_images()
    {
        var turned = new Affine(0, -1, 0, 5, 0, 0, 1.5, 0, 2, 0, 0, 0); // i runs along S, j against R, k along A
        var grid = new Grid(new Size3(4, 6, 5), turned);
        var expected = NiftiFile.ReadLabel(_drop[Label]);
        NiftiFile.Write(_drop[Label], Orientation.Of(turned).FromRas(expected, grid));
        var found = await CaseAsync();
        Assert.Null(found.Quarantined);
        Assert.Contains(found.Notes, note => note.Contains("SLA", StringComparison.Ordinal) && note.Contains("RAS", StringComparison.Ordinal));
        var entry = (await _rig.ManifestAsync("toy")).Cases.Single(entry => entry.Id == "c01");
        var stored = NiftiFile.ReadLabel(Path.Combine(_rig.Data, $"datasets/toy/voxels/{entry.Label}.nii.gz"));
        Assert.Equal(expected.Voxels, stored.Voxels);
        Assert.Equal(DropFolder.Grid, stored.Grid);
    }

    [Fact]
    public async Task A_label_without_the_images_origin_is_told_to_differ_in_it()
    {
        NiftiFile.Write(_drop[Label], new Volume<ushort>(DropFolder.Grid with { Affine = DropFolder.Grid.Affine with { M03 = 90, M13 = -12 } }, new ushort[120]));
        var found = await CaseAsync();
        Assert.Contains("origin at (90, -12, 0), not (0, 0, 0) mm", found.Quarantined, StringComparison.Ordinal);
        Assert.DoesNotContain("orientation", found.Quarantined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_implausible_body_and_padding_are_noted()
    {
        (Fitting() with { Units = 1, DataType = 4, Voxels = [.. Enumerable.Repeat(-32768.0, 40), .. Enumerable.Range(0, 80).Select(i => (double)i)] }).WriteTo(_drop[Image]);
        (Fitting() with { Units = 1, Voxels = Mask }).WriteTo(_drop[Label]);
        var found = await CaseAsync();
        Assert.Null(found.Quarantined);
        Assert.Contains(found.Notes, note => note.Contains("6 × 7.5 × 8 m large", StringComparison.Ordinal) && note.Contains("not plausible", StringComparison.Ordinal));
        Assert.Contains(found.Notes, note => note.Contains("40 voxels", StringComparison.Ordinal) && note.Contains("padding", StringComparison.Ordinal));
        Assert.Equal((0.395, 39.5, 78.605), (await _rig.ManifestAsync("toy")).Cases.Single(entry => entry.Id == "c01").Intensities is { } i ? (Math.Round(i.Low, 6), i.Median, Math.Round(i.High, 6)) : default);
    }

    private async Task<CaseReport> CaseAsync() => (await _rig.IngestAsync("d"))!.Cases.Single(found => found.Id == "c01");

    private static double[] Mask => [.. Enumerable.Range(0, 120).Select(i => i == 50 ? 1.0 : 0)];

    private static RawNifti Fitting() => new()
    {
        Dim = [3, 6, 5, 4, 1, 1, 1, 1],
        PixDim = [1, 1, 1.5, 2, 1, 1, 1, 1],
        SFormCode = 1,
        SRows = [1, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 2, 0],
        Voxels = [.. Enumerable.Range(0, 120).Select(i => (double)i)],
    };
}
