using System.Text;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Imaging.Nifti;

public sealed class NiftiWritingTests : IDisposable
{
    private static readonly Size3 Size = new(5, 4, 3);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(AxisOrientations.Names), MemberType = typeof(AxisOrientations))]
    public void An_image_comes_back_as_it_was_written_by_sform_and_by_qform(string orientation)
    {
        foreach (var angle in new[] { 0, 0.3 })
        {
            var affine = AxisOrientations.Oblique(AxisOrientations.All[orientation], angle);
            var image = new Volume<float>(new Grid(Size, affine), [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i) * 1000)]);
            NiftiFile.Write(_folder["a.nii"], image);

            var back = NiftiFile.ReadImage(_folder["a.nii"]);

            Assert.Equal(image.Voxels, back.Voxels);
            NiftiGeometryTests.AssertClose(affine, back.Grid.Affine);
            NiftiGeometryTests.AssertClose(affine, WithoutSForm(_folder["a.nii"]).Grid.Affine, 1e-5);
        }
    }

    [Fact]
    public void Of_a_sheared_affine_the_qform_is_a_rotation_and_the_sform_is_exact()
    {
        var affine = new Affine(2, 0.5, 0, 1, 0, 2, 0.25, 2, 0, 0, 2, 3);
        NiftiFile.Write(_folder["a.nii"], new Volume<float>(new Grid(Size, affine), new float[60]));

        var qform = WithoutSForm(_folder["a.nii"]).Grid;

        NiftiGeometryTests.AssertClose(affine, NiftiFile.ReadHeader(_folder["a.nii"]).Grid.Affine);
        Assert.Equal(affine.Spacing.X * affine.Spacing.Y * affine.Spacing.Z, qform.Affine.Determinant, 1e-4);
        Assert.Equal(affine.Spacing.Y, qform.Spacing.Y, 1e-5);
    }

    [Theory]
    [InlineData(0, "uint8")]
    [InlineData(255, "uint8")]
    [InlineData(256, "uint16")]
    [InlineData(65535, "uint16")]
    public void Labels_are_written_in_the_smallest_integer_type(int largest, string type)
    {
        var labels = new Volume<ushort>(new Grid(Size, Affine.Scaling(1, 2, 3)), [.. Enumerable.Range(0, 60).Select(i => (ushort)(i == 17 ? largest : i % 2))]);
        labels.Voxels[17] = (ushort)largest;
        NiftiFile.Write(_folder["a.nii.gz"], labels);

        Assert.Equal(type, NiftiFile.ReadHeader(_folder["a.nii.gz"]).DataType);
        Assert.Equal(labels.Voxels, NiftiFile.ReadLabel(_folder["a.nii.gz"]).Voxels);
    }

    [Fact]
    public void A_side_too_long_for_NIfTI_1_makes_it_NIfTI_2()
    {
        var labels = new Volume<ushort>(new Grid(new Size3(40_000, 1, 1), Affine.Scaling(1, 1, 1)), new ushort[40_000]);
        labels.Voxels[39_999] = 7;
        NiftiFile.Write(_folder["a.nii"], labels);

        Assert.Equal(540, BitConverter.ToInt32(File.ReadAllBytes(_folder["a.nii"])));
        Assert.Equal(labels.Voxels, NiftiFile.ReadLabel(_folder["a.nii"]).Voxels);
        Assert.Equal(labels.Grid, NiftiFile.ReadHeader(_folder["a.nii"]).Grid);
    }

    [Fact]
    public void The_same_volume_gives_the_same_bytes_under_any_name_and_at_any_time()
    {
        var image = new Volume<float>(new Grid(Size, Affine.Scaling(1, 2, 3)), [.. Enumerable.Range(0, 60).Select(i => i / 7f)]);
        NiftiFile.Write(_folder["one.nii.gz"], image);
        NiftiFile.Write(_folder["another name.nii.gz"], image);
        var bytes = File.ReadAllBytes(_folder["one.nii.gz"]);

        Assert.Equal(bytes, File.ReadAllBytes(_folder["another name.nii.gz"]));
        Assert.Equal([0, 0, 0, 0, 0], bytes[3..8]); // flags (no name) and time stamp of the gzip header
    }

    [Fact]
    public void Nothing_that_names_a_person_gets_through()
    {
        var source = new RawNifti { Description = "Jane Doe 1970-01-01", Extension = [32, 0, 0, 0, 6, 0, 0, 0, .. "patient Jane Doe........"u8] };
        NiftiFile.Write(_folder["out.nii"], NiftiFile.ReadImage(source.WriteTo(_folder["in.nii"])));
        Assert.Contains("Jane", Encoding.Latin1.GetString(File.ReadAllBytes(_folder["in.nii"])));
        Assert.DoesNotContain("Jane", Encoding.Latin1.GetString(File.ReadAllBytes(_folder["out.nii"])));
    }

    [Fact]
    public void A_write_replaces_the_old_file_whole_and_leaves_no_other()
    {
        File.WriteAllText(_folder["a.nii"], "old");
        NiftiFile.Write(_folder["a.nii"], new Volume<float>(new Grid(Size, Affine.Scaling(1, 1, 1)), new float[60]));
        Assert.Equal(["a.nii"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Assert.Equal(352 + 240, new FileInfo(_folder["a.nii"]).Length);
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_no_half_one()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("There is no /dev/full.");
        File.WriteAllText(_folder["a.nii"], "old");
        File.CreateSymbolicLink(_folder["a.nii.partial"], "/dev/full");
        Assert.Throws<IOException>(() => NiftiFile.Write(_folder["a.nii"], new Volume<float>(new Grid(new Size3(100, 100, 100), Affine.Scaling(1, 1, 1)), new float[1_000_000])));
        Assert.Equal(["a.nii"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Assert.Equal("old", File.ReadAllText(_folder["a.nii"]));
    }

    private NiftiHeader WithoutSForm(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal(1, bytes[254]);
        bytes[254] = 0;
        File.WriteAllBytes(_folder["qform.nii"], bytes);
        return NiftiFile.ReadHeader(_folder["qform.nii"]);
    }
}
