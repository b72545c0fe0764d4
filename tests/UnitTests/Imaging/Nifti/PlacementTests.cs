using System.Buffers.Binary;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Imaging.Nifti;

/// <summary>What lies on an image's grid is written with the image's own placement, not with one that was computed from it.</summary>
public sealed class PlacementTests : IDisposable
{
    private static readonly RawNifti Turned = new()
    {
        PixDim = [-1, 1.1, 2.3, 3.7, 0.5, 6, 7, 8],
        Quaternion = [0.1234567, -0.7654321, 0.3],
        QOffset = [10.1, -20.2, 30.3],
        SRows = [-1.1, 0.02, 0, 1.7, 0.01, 2.3, 0, 2.9, 0, 0, 3.7, -3.1],
    };

    private static readonly (string Name, RawNifti File)[] Files =
    [
        ("no orientation at all", Turned with { SFormCode = 0, QFormCode = 0 }),
        ("qform alone", Turned with { QFormCode = 1 }),
        ("sform alone", Turned with { SFormCode = 4 }),
        ("sform and qform apart", Turned with { SFormCode = 4, QFormCode = 1 }),
        ("micrometres and seconds", Turned with { SFormCode = 2, Units = 3 | 8 }),
        ("metres", Turned with { SFormCode = 1, QFormCode = 2, Units = 1 }),
        ("no unit", Turned with { SFormCode = 1, Units = 0 }),
        ("flipped axes", Turned with { SFormCode = 1, SRows = [0, 0, -3, 5, -1, 0, 0, 6, 0, 2, 0, 7] }),
        ("channels", Turned with { SFormCode = 1, Dim = [4, 2, 3, 2, 2, 1, 1, 1] }),
        ("one slice", Turned with { SFormCode = 1, Dim = [2, 6, 4, 0, 0, 0, 0, 0] }),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string, int, bool>> Cases() =>
        from file in Files from version in new[] { 1, 2 } from bigEndian in new[] { false, true } select new TheoryDataRow<string, int, bool>(file.Name, version, bigEndian);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mask_keeps_its_images_placement_to_the_bit(string name, int version, bool bigEndian)
    {
        var source = Files.Single(file => file.Name == name).File with { Version = version, BigEndian = bigEndian };
        var header = NiftiFile.ReadHeader(source.WriteTo(_folder["image.nii"]));
        var count = (int)header.Grid.Size.Count;

        NiftiFile.Write(_folder["mask.nii"], new Volume<ushort>(header.Grid, new ushort[count]), "a mask", header.Placement);
        NiftiFile.Write(_folder["probability.nii.gz"], new Volume<float>(header.Grid, new float[count]), header.Placement);

        var expected = Fields((source with { BigEndian = false }).Bytes(), version);
        var mask = File.ReadAllBytes(_folder["mask.nii"]);
        Assert.Equal(version == 1 ? 348 : 540, BinaryPrimitives.ReadInt32LittleEndian(mask));
        Assert.Equal(expected, Fields(mask, version));
        Assert.Equal(header.Grid, NiftiFile.ReadHeader(_folder["mask.nii"]).Grid);
        Assert.Equal(header.Grid, NiftiFile.ReadHeader(_folder["probability.nii.gz"]).Grid);
        Assert.Equal(new ushort[count], NiftiFile.ReadLabel(_folder["mask.nii"]).Voxels);
    }

    [Fact]
    public void Nothing_else_of_the_images_header_gets_through()
    {
        var header = NiftiFile.ReadHeader((Turned with { SFormCode = 1, Description = "Jane Doe", Slope = 2, Intercept = 5 }).WriteTo(_folder["image.nii"]));
        NiftiFile.Write(_folder["mask.nii"], new Volume<ushort>(header.Grid, [.. Enumerable.Repeat((ushort)1, 24)]), placement: header.Placement);
        Assert.DoesNotContain("Jane", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_folder["mask.nii"])));
        Assert.All(NiftiFile.ReadLabel(_folder["mask.nii"]).Voxels, voxel => Assert.Equal(1, voxel));
    }

    /// <summary>pixdim, units, codes, quaternion with offset, sform; nifti1.h and nifti2.h.</summary>
    private static byte[] Fields(byte[] header, int version) => version == 1
        ? [.. header[76..108], header[123], .. header[252..328]]
        : [.. header[104..168], .. header[344..496], .. header[500..504]];
}
