using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Imaging.Nifti;

public sealed class NiftiGeometryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>A third of a turn about (1, 1, 1): i runs along A, j along S, k along R.</summary>
    private static readonly RawNifti Turned = new()
    {
        PixDim = [1, 2, 3, 4, 1, 1, 1, 1],
        Quaternion = [0.5, 0.5, 0.5],
        QOffset = [10, 20, 30],
        SRows = [-5, 0, 0, 1, 0, 6, 0, 2, 0, 0, 7, 3],
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void The_sform_is_taken_where_its_code_is_set(int version, bool bigEndian) => Assert.Equal(
        new Affine(-5, 0, 0, 1, 0, 6, 0, 2, 0, 0, 7, 3),
        Read(Turned with { Version = version, BigEndian = bigEndian, SFormCode = 1, QFormCode = 1 }));

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Without_it_the_qform(int version, bool bigEndian) => AssertClose(
        new Affine(0, 0, 4, 10, 2, 0, 0, 20, 0, 3, 0, 30),
        Read(Turned with { Version = version, BigEndian = bigEndian, QFormCode = 1 }));

    [Fact]
    public void A_negative_qfac_turns_the_third_axis() => AssertClose(
        new Affine(0, 0, -4, 10, 2, 0, 0, 20, 0, 3, 0, 30),
        Read(Turned with { PixDim = [-1, 2, 3, 4, 1, 1, 1, 1], QFormCode = 1 }));

    [Fact]
    public void Without_both_the_voxel_sizes_along_L_A_S_about_the_middle_as_nibabel_has_it() =>
        Assert.Equal(new Affine(-2, 0, 0, 1, 0, 3, 0, -3, 0, 0, 4, -6), Read(Turned)); // 2×3×4 voxels

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(3, 0.001)]
    [InlineData(0, 1)]
    [InlineData(10, 1)] // millimetres and seconds
    public void Metres_and_micrometres_become_millimetres(int units, double scale) => AssertClose(
        new Affine(-5 * scale, 0, 0, 1 * scale, 0, 6 * scale, 0, 2 * scale, 0, 0, 7 * scale, 3 * scale),
        Read(Turned with { SFormCode = 1, Units = units }));

    [Fact]
    public void A_half_turn_is_one_in_spite_of_the_rounding_of_its_quaternion() => AssertClose(
        new Affine(-2, 0, 0, 0, 0, -3, 0, 0, 0, 0, 4, 0),
        Read(Turned with { QFormCode = 1, Quaternion = [0, 0, 0.99999997], QOffset = [0, 0, 0] }), 1e-9);

    [Fact]
    public void A_negative_voxel_size_matters_only_where_it_is_used() =>
        Assert.Equal(-5, Read(Turned with { SFormCode = 1, PixDim = [1, -2, 3, 4, 1, 1, 1, 1] }).M00);

    private Affine Read(RawNifti file) => NiftiFile.ReadHeader(file.WriteTo(_folder["a.nii"])).Grid.Affine;

    internal static void AssertClose(Affine expected, Affine actual, double tolerance = 1e-6)
    {
        foreach (var (e, a) in expected.Rows().Zip(actual.Rows()))
            Assert.True(Math.Abs(e - a) <= tolerance * (1 + Math.Abs(e)), $"expected {expected}, found {actual}");
    }
}
