using System.IO.Compression;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;
using VerSemi.UnitTests.Imaging.Nifti;

namespace VerSemi.UnitTests.Ingest;

/// <summary>One case of three is spoilt: it is quarantined with file and reason, the others are taken whole.</summary>
public sealed class BadCaseTests : IDisposable
{
    private const string Image = "imagesTr/c01.nii.gz", Label = "labelsTr/c01.nii.gz";
    private readonly IngestRig _rig = new(configure: options => options.MaxVoxels = 1000);

    public void Dispose() => _rig.Dispose();

    /// <summary>What is spoilt, and what the reason says.</summary>
    private static readonly Dictionary<string, (Action<DropFolder> Spoil, string File, string Reason)> Faults = new()
    {
        ["truncated gzip"] = (drop => Cut(drop[Image]), Image, "cut off"),
        ["gzip that goes on past its header's size"] = (drop => Raw(drop[Image], Fitting() with { Voxels = new double[100_000] }), Image, "goes on past"),
        ["a header that claims 10^12 voxels"] = (drop => Raw(drop[Image], Fitting() with { Dim = [3, 10_000, 10_000, 10_000, 1, 1, 1, 1] }), Image, "10000×10000×10000"),
        ["more voxels than allowed"] = (drop => Raw(drop[Image], new RawNifti { Dim = [3, 11, 10, 10, 1, 1, 1, 1], Voxels = new double[1100] }), Image, "at most 1000"),
        ["wrong magic"] = (drop => Raw(drop[Image], Fitting() with { Magic = "nix\0"u8.ToArray() }), Image, "magic"),
        ["no image at all"] = (drop => File.WriteAllText(drop[Image], "hello"), Image, "ends inside its header"),
        ["an empty file"] = (drop => File.WriteAllBytes(drop[Image], []), Image, "ends inside its header"),
        ["NaN in the affine"] = (drop => Raw(drop[Image], Fitting() with { SFormCode = 1, SRows = [double.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }), Image, "NaN"),
        ["zero spacing"] = (drop => Raw(drop[Image], Fitting() with { SFormCode = 0, PixDim = [1, 0, 1, 1, 1, 1, 1, 1] }), Image, "0"),
        ["RGB voxels"] = (drop => Raw(drop[Image], Fitting() with { DataType = 128 }), Image, "RGB"),
        ["another shape"] = (drop => Raw(drop[Label], new RawNifti { Dim = [3, 6, 5, 5, 1, 1, 1, 1], Voxels = new double[150] }), Label, "6×5×5"),
        ["another place"] = (drop => NiftiFile.Write(drop[Label], new Volume<ushort>(DropFolder.Grid with { Affine = Affine.Scaling(1, 1.5, 2.2) }, new ushort[120])), Label, "lies elsewhere"),
        ["a label of 0.3"] = (drop => Raw(drop[Label], Fitting() with { DataType = 16, Voxels = [.. Enumerable.Repeat(0.3, 120)] }), Label, "0.3"),
        ["a label value that is not named"] = (drop => drop.Label(Label, 1, 1, 7), Label, "the value 7 (1 voxels)"),
        ["four dimensions without declared channels"] = (drop => Raw(drop[Image], Fitting() with { Dim = [4, 6, 5, 4, 2, 1, 1, 1], Voxels = new double[240] }), Image, "three dimensions"),
        ["an Analyze header"] = (drop => Raw(drop[Image], Fitting() with { Magic = new byte[4] }), Image, "Analyze 7.5"),
        ["four dimensions of which the first is 1"] = (drop => { foreach (var file in new[] { Image, Label }) Raw(drop[file], Fitting() with { Dim = [4, 1, 6, 5, 4, 1, 1, 1] }); }, Label, "the first is 1"),
        ["sform and qform that mirror each other"] = (drop => Raw(drop[Image], Fitting() with { QFormCode = 1, PixDim = [-1, 1, 1.5, 2, 1, 1, 1, 1] }), Image, "left and right"),
        ["all voxels too large for a number"] = (drop => Raw(drop[Image], Fitting() with { DataType = 64, Voxels = [.. Enumerable.Repeat(1e300, 120)] }), Image, "infinite"),
        ["all voxels NaN"] = (drop => Raw(drop[Image], Fitting() with { DataType = 16, Voxels = [.. Enumerable.Repeat(double.NaN, 120)] }), Image, "NaN"),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_case_is_quarantined_and_the_rest_goes_on(string fault)
    {
        var (spoil, file, reason) = Faults[fault];
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        spoil(drop);
        var before = await File.ReadAllBytesAsync(drop[file], TestContext.Current.CancellationToken);
        var report = await _rig.IngestAsync("d");

        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        var bad = Assert.Single(report.Cases, c => c.Quarantined is not null);
        Assert.Equal("c01", bad.Id);
        Assert.StartsWith(file + ": ", bad.Quarantined, StringComparison.Ordinal);
        Assert.Contains(reason, bad.Quarantined, StringComparison.Ordinal);
        Assert.Equal(["c00", "c02", "c03"], (await _rig.ManifestAsync("toy")).Cases.Select(c => c.Id));
        Assert.Equal(before, await File.ReadAllBytesAsync(drop[file], TestContext.Current.CancellationToken));
        await _rig.AssertNothingHalfWrittenAsync("toy");
    }

    [Fact]
    public async Task NaN_voxels_are_replaced_and_counted_and_an_empty_mask_is_noted()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"), labels: ["Liver", "Spleen"]);
        Raw(drop["imagesTr/c00.nii.gz"], Fitting() with { DataType = 16, Voxels = [double.NaN, double.PositiveInfinity, -3, .. Enumerable.Range(0, 117).Select(i => (double)i)] });
        drop.Label("labelsTr/c01.nii.gz", 1, 2).Label("labelsTr/c02.nii.gz", 2);
        var report = await _rig.IngestAsync("d");

        var note = Assert.Single(report!.Cases[0].Notes);
        Assert.Contains("replaced: 1 by its lowest value, -3, 1 (too large or +infinite) by its highest, 116.", note, StringComparison.Ordinal);
        Assert.Equal("No voxel is marked as 'Liver'.", Assert.Single(report.Cases[1].Notes));
        Assert.Equal("The label is empty: no structure is marked.", Assert.Single(report.Cases[2].Notes));
        var image = NiftiFile.ReadImage(Path.Combine(_rig.Data, $"datasets/toy/voxels/{(await _rig.ManifestAsync("toy")).Cases[0].Image}.nii.gz"));
        Assert.Equal([-3f, 116f, -3f, 0f], image.Voxels[..4]);
    }

    [Fact]
    public async Task A_drop_without_a_usable_case_is_refused_and_leaves_nothing()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"), labelled: 1, unlabelled: 0);
        Cut(drop["imagesTr/c00.nii.gz"]);
        var report = await _rig.IngestAsync("d");
        Assert.Equal(IngestOutcome.Refused, report!.Outcome);
        Assert.NotNull(Assert.Single(report.Cases).Quarantined);
        Assert.Empty(_rig.Datasets());
    }

    [Fact]
    public async Task The_declared_channel_of_a_four_dimensional_image_is_taken()
    {
        var drop = new DropFolder(_rig.DropPath("d"));
        Raw(drop["imagesTs/x.nii.gz"], Fitting() with { Dim = [4, 6, 5, 4, 2, 1, 1, 1], Voxels = [.. Enumerable.Repeat(5.0, 120), .. Enumerable.Range(0, 120).Select(i => (double)i)] });
        drop.Json("""{"modality": {"0": "T1", "1": "FLAIR"}, "labels": {"0": "background"}, "training": [], "test": ["./imagesTs/x.nii.gz"], "versemi": {"channel": 1}}""");
        await _rig.IngestAsync("d");
        var manifest = await _rig.ManifestAsync("d");
        Assert.Equal("MRI", manifest.Modality);
        Assert.Equal(119, NiftiFile.ReadImage(Path.Combine(_rig.Data, $"datasets/d/voxels/{manifest.Cases[0].Image}.nii.gz")).Voxels[119]);
    }

    /// <summary>A header that fits <see cref="DropFolder.Grid"/>.</summary>
    private static RawNifti Fitting() => new()
    {
        Dim = [3, 6, 5, 4, 1, 1, 1, 1],
        PixDim = [1, 1, 1.5, 2, 1, 1, 1, 1],
        SFormCode = 1,
        SRows = [1, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 2, 0],
        Voxels = new double[120],
    };

    private static void Raw(string path, RawNifti content)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(content.Bytes());
    }

    private static void Cut(string path) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^40]);
}
