using VerSemi.Imaging;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Imaging.Nifti;

public sealed class NiftiReadingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<int, string, double, int, bool, string>> Encodings()
    {
        (int Code, string Name, double Extreme)[] types = [
            (2, "uint8", 255), (256, "int8", -128), (4, "int16", -32768), (512, "uint16", 65535), (8, "int32", -2147483648), (768, "uint32", 4294967295),
            (1024, "int64", -4503599627370496), (1280, "uint64", 9223372036854775808), (16, "float32", -1.5), (64, "float64", 0.25)];
        return
            from type in types
            from version in new[] { 1, 2 }
            from bigEndian in new[] { false, true }
            select new TheoryDataRow<int, string, double, int, bool, string>(type.Code, type.Name, type.Extreme, version, bigEndian, bigEndian ? "a.nii.gz" : "a.nii");
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_datatype_is_read_in_both_versions_and_byte_orders(int code, string name, double extreme, int version, bool bigEndian, string file)
    {
        var voxels = Enumerable.Range(0, 24).Select(i => i == 7 ? extreme : i).ToArray();
        var path = new RawNifti { Version = version, BigEndian = bigEndian, DataType = code, Voxels = voxels }.WriteTo(_folder[file]);

        var header = NiftiFile.ReadHeader(path);
        var image = NiftiFile.ReadImage(path);

        Assert.Equal((name, 1, new Size3(2, 3, 4)), (header.DataType, header.Channels, header.Grid.Size));
        Assert.Equal(voxels.Select(v => (float)v), image.Voxels);
        Assert.Equal(header.Grid, image.Grid);
    }

    [Fact]
    public void The_first_axis_is_the_fastest_in_memory()
    {
        var image = NiftiFile.ReadImage(new RawNifti().WriteTo(_folder["a.nii"]));
        Assert.Equal(1 + 2 * (2 + 3 * 3), image[1, 2, 3]);
    }

    [Theory]
    [InlineData(0, 5, 7)]
    [InlineData(double.NaN, 5, 7)]
    [InlineData(2, 5, 19)]
    [InlineData(-0.5, 0, -3.5)]
    public void Slope_and_intercept_are_applied_unless_the_slope_says_none(double slope, double intercept, float expected)
    {
        var image = NiftiFile.ReadImage(new RawNifti { Slope = slope, Intercept = intercept }.WriteTo(_folder["a.nii"]));
        Assert.Equal(expected, image.Voxels[7]);
    }

    [Theory]
    [InlineData(1, "a.nii")]
    [InlineData(2, "a.nii.gz")]
    public void Extensions_are_skipped(int version, string file)
    {
        var path = new RawNifti { Version = version, Extension = [32, 0, 0, 0, 6, 0, 0, 0, .. "made by Jane Doe........"u8] }.WriteTo(_folder[file]);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), NiftiFile.ReadImage(path).Voxels);
    }

    [Fact]
    public void A_vox_offset_of_zero_means_right_behind_the_header() =>
        Assert.Equal(23, NiftiFile.ReadImage(new RawNifti { DataOffset = 0 }.WriteTo(_folder["a.nii"])).Voxels[23]);

    [Theory]
    [InlineData(5, 2, 3, 4, 1, 1)]
    [InlineData(7, 2, 3, 4, 1, 1)]
    [InlineData(4, 2, 3, 4, 1, 1)]
    [InlineData(2, 4, 6, 1, 1, 1)]
    [InlineData(1, 24, 1, 1, 1, 1)]
    public void Trailing_dimensions_of_one_are_dropped_and_missing_ones_are_one(int rank, int x, int y, int z, int t, int u)
    {
        var header = NiftiFile.ReadHeader(new RawNifti { Dim = [rank, x, y, z, t, u, 1, 1] }.WriteTo(_folder["a.nii"]));
        Assert.Equal((new Size3(x, y, z), 1), (header.Grid.Size, header.Channels));
    }

    [Theory]
    [InlineData("a.nii")]
    [InlineData("a.nii.gz")]
    public void A_fourth_dimension_is_read_by_channel_only(string file)
    {
        var path = new RawNifti { Dim = [4, 2, 3, 2, 2, 1, 1, 1] }.WriteTo(_folder[file]);

        Assert.Equal(2, NiftiFile.ReadHeader(path).Channels);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), NiftiFile.ReadImage(path, 0).Voxels);
        Assert.Equal(Enumerable.Range(12, 12).Select(i => (float)i), NiftiFile.ReadImage(path, 1).Voxels);
        Assert.Contains("has 2 volumes", Assert.Throws<InvalidImageException>(() => NiftiFile.ReadImage(path)).Message);
        Assert.Contains("has 2 volumes", Assert.Throws<InvalidImageException>(() => NiftiFile.ReadLabel(path)).Message);
        Assert.Contains("no channel 2", Assert.Throws<InvalidImageException>(() => NiftiFile.ReadImage(path, 2)).Message);
    }

    [Fact]
    public void Labels_may_be_stored_as_any_number_that_is_whole_within_a_thousandth()
    {
        var path = new RawNifti { DataType = 16, Voxels = [.. Enumerable.Range(0, 23).Select(i => i + 0.0009 * (i % 3 - 1)), 65535] }.WriteTo(_folder["a.nii.gz"]);
        Assert.Equal(Enumerable.Range(0, 23).Append(65535).Select(i => (ushort)i), NiftiFile.ReadLabel(path).Voxels);
    }

    [Fact]
    public void A_volume_of_more_than_one_chunk_is_read_whole()
    {
        var voxels = Enumerable.Range(0, 40 * 50 * 60).Select(i => (double)(i % 30011)).ToArray();
        var path = new RawNifti { Dim = [3, 40, 50, 60, 1, 1, 1, 1], BigEndian = true, Voxels = voxels }.WriteTo(_folder["a.nii.gz"]);

        Assert.Equal(voxels.Select(v => (float)v), NiftiFile.ReadImage(path).Voxels);
        Assert.Equal(voxels.Select(v => (ushort)v), NiftiFile.ReadLabel(path).Voxels);
    }

    [Fact]
    public void Missing_voxels_of_an_image_stay_not_a_number()
    {
        var voxels = Enumerable.Range(0, 24).Select(i => i == 3 ? double.NaN : i).ToArray();
        var image = NiftiFile.ReadImage(new RawNifti { DataType = 16, Voxels = voxels }.WriteTo(_folder["a.nii"]));
        Assert.Equal([3], image.Voxels.Index().Where(v => float.IsNaN(v.Item)).Select(v => v.Index));
    }
}
