using System.IO.Compression;
using VerSemi.Imaging;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Imaging.Nifti;

/// <summary>Every fault ends in an exception that names the file, the wrong value and what was expected.</summary>
public sealed class BadFileTests : IDisposable
{
    private static readonly RawNifti Good = new();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> BadHeaders => new(Headers.Select(header => (header.Name, header.Message)));

    private static (string Name, RawNifti File, string Message)[] Headers =>
    [
        ("wrong magic", Good with { Magic = [.. "dicm"u8] }, "magic \"dicm\"; expected \"n+1\\x00\""),
        ("header of a pair", Good with { Magic = [.. "ni1\0"u8] }, "a .hdr/.img pair"),
        ("magic of NIfTI-2 spoilt by a text transfer", Good with { Version = 2, Magic = [.. "n+2\0\n\u001a\n\n"u8] }, "expected \"n+2"),
        ("NaN in the sform", Good with { SFormCode = 1, SRows = [1, 0, 0, double.NaN, 0, 1, 0, 0, 0, 0, 1, 0] }, "affine (sform) that is not finite: 1, 0, 0, NaN"),
        ("infinite qform offset", Good with { QFormCode = 1, QOffset = [0, double.PositiveInfinity, 0] }, "affine (qform) that is not finite"),
        ("NaN quaternion", Good with { QFormCode = 1, Quaternion = [double.NaN, 0, 0] }, "quaternion (NaN, 0, 0)"),
        ("quaternion too long", Good with { QFormCode = 1, Quaternion = [1, 1, 0] }, "quaternion (1, 1, 0)"),
        ("zero spacing", Good with { PixDim = [1, 1, 0, 1, 1, 1, 1, 1] }, "pixdim[2] = 0; expected a finite number above 0"),
        ("zero spacing beside an sform", Good with { SFormCode = 1, PixDim = [1, 0, 1, 1, 1, 1, 1, 1] }, "pixdim[1] = 0"),
        ("negative spacing", Good with { PixDim = [1, 1, 1, -2, 1, 1, 1, 1] }, "pixdim[3] = -2"),
        ("NaN spacing", Good with { PixDim = [1, 1, double.NaN, 1, 1, 1, 1, 1] }, "pixdim[2] = NaN"),
        ("empty sform column", Good with { SFormCode = 2, SRows = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] }, "spacing 1, 0, 1"),
        ("axes in a plane", Good with { SFormCode = 2, SRows = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0] }, "lie in one plane"),
        ("no dimensions", Good with { Dim = [0, 2, 3, 4, 1, 1, 1, 1] }, "has 0 dimensions"),
        ("eight dimensions", Good with { Dim = [8, 2, 3, 4, 1, 1, 1, 1] }, "has 8 dimensions"),
        ("negative size", Good with { Dim = [3, 2, -3, 4, 1, 1, 1, 1] }, "size 2×-3×4; expected at least 1"),
        ("empty", Good with { Dim = [3, 2, 0, 4, 1, 1, 1, 1] }, "size 2×0×4"),
        ("five dimensions", Good with { Dim = [5, 2, 3, 2, 1, 2, 1, 1] }, "size 2×3×2×1×2; expected three dimensions"),
        ("10^12 voxels", Good with { Dim = [3, 10000, 10000, 10000, 1, 1, 1, 1] }, "declares 10000×10000×10000 voxels of int16"),
        ("10^12 voxels, NIfTI-2", Good with { Version = 2, Dim = [3, 1000000, 1000000, 1, 1, 1, 1, 1] }, "declares 1000000×1000000×1 voxels of int16"),
        ("size past 2^63", Good with { Version = 2, Dim = [4, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, 1, 1, 1] }, "more than 2^63 bytes"),
        ("vox_offset inside the header", Good with { DataOffset = 100 }, "vox_offset 100; expected a whole number of bytes from 352 up"),
        ("vox_offset NaN", Good with { DataOffset = double.NaN }, "vox_offset NaN"),
        ("vox_offset broken", Good with { DataOffset = 352.5 }, "vox_offset 352.5"),
        ("vox_offset negative", Good with { Version = 2, DataOffset = -8 }, "vox_offset -8"),
        ("vox_offset huge", Good with { DataOffset = 1e18 }, "declares 2×3×4 voxels"),
        ("infinite slope", Good with { Slope = double.PositiveInfinity }, "scl_slope Infinity"),
        ("NaN intercept", Good with { Slope = 1, Intercept = double.NaN }, "scl_inter NaN"),
        ("datatype unknown", Good with { DataType = 0 }, "datatype 0, unknown"),
        ("datatype binary", Good with { DataType = 1 }, "datatype 1, binary"),
        ("datatype complex64", Good with { DataType = 32 }, "datatype 32, complex64"),
        ("datatype RGB24", Good with { DataType = 128 }, "datatype 128, RGB24; expected one real number a voxel: uint8"),
        ("datatype float128", Good with { DataType = 1536 }, "datatype 1536, float128"),
        ("datatype complex128", Good with { DataType = 1792 }, "datatype 1792, complex128"),
        ("datatype complex256", Good with { DataType = 2048 }, "datatype 2048, complex256"),
        ("datatype RGBA32", Good with { DataType = 2304 }, "datatype 2304, RGBA32"),
        ("datatype invented", Good with { DataType = 77 }, "datatype 77, which NIfTI does not know"),
    ];

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void A_bad_header_is_refused_without_reading_a_voxel(string name, string message)
    {
        var file = Headers.Single(header => header.Name == name).File;
        AssertRefused(file.WriteTo(_folder["bad.nii"]), message);
        AssertRefused(file.WriteTo(_folder["bad.nii.gz"]), message);
        AssertRefused((file with { BigEndian = true }).WriteTo(_folder["big.nii"]), message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(347)]
    public void A_file_that_ends_inside_its_header_is_refused(int length)
    {
        File.WriteAllBytes(_folder["short.nii"], Good.Bytes()[..length]);
        AssertRefused(_folder["short.nii"], "ends inside its header");
    }

    [Fact]
    public void Something_else_is_refused()
    {
        File.WriteAllBytes(_folder["text.nii"], new byte[1000]);
        AssertRefused(_folder["text.nii"], "is not a NIfTI file: it starts with the number 0; expected 348 (NIfTI-1) or 540 (NIfTI-2)");
        AssertRefused(_folder["nothing.nii"], "does not exist");
        AssertRefused(_folder["no/folder.nii"], "does not exist");
        AssertRefused(_folder["."], "is a folder");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_file_that_is_shorter_or_longer_than_declared_is_refused(int change)
    {
        var bytes = Good.Bytes();
        File.WriteAllBytes(_folder["bad.nii"], change < 0 ? bytes[..^-change] : [.. bytes, 0]);
        AssertRefused(_folder["bad.nii"], $"400 bytes in all; the file has {400 + change} bytes");
    }

    [Fact]
    public void A_gzip_cut_off_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(new RawNifti { Voxels = [.. Enumerable.Range(0, 24).Select(i => i * 7919.0 % 30011)] }.WriteTo(_folder["whole.nii.gz"]));
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut.nii.gz"], whole[..length]);
            Assert.Throws<InvalidImageException>(() => NiftiFile.ReadImage(_folder["cut.nii.gz"]));
        }
    }

    [Fact]
    public void A_flipped_bit_of_a_gzip_never_changes_what_is_read()
    {
        var whole = File.ReadAllBytes(Good.WriteTo(_folder["whole.nii.gz"]));
        var refused = 0;
        for (var at = 10; at < whole.Length; at++) // behind the gzip header, whose time stamp may be anything
        {
            var bytes = whole.ToArray();
            bytes[at] ^= 16;
            File.WriteAllBytes(_folder["bad.nii.gz"], bytes);
            var fault = Record.Exception(() => Assert.Equal(Good.Voxels.Select(v => (float)v), NiftiFile.ReadImage(_folder["bad.nii.gz"]).Voxels));
            Assert.True(fault is null or InvalidImageException, $"byte {at} of {whole.Length}: {fault}");
            refused += fault is null ? 0 : 1;
        }
        // The rest are copies of zeros from another place that also holds zeros.
        Assert.True(refused > whole.Length / 2, $"{refused} of {whole.Length}");
    }

    [Fact]
    public void A_gzip_in_several_members_or_with_padding_is_whole()
    {
        var path = Good.WriteTo(_folder["a.nii.gz"]);
        var bytes = Good.Bytes();
        using (var file = File.Create(path))
        {
            foreach (var part in new[] { bytes[..100], bytes[100..380], bytes[380..] })
                using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
                    gzip.Write(part);
            file.Write(new byte[512]);
        }
        Assert.Equal(23, NiftiFile.ReadImage(path).Voxels[23]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50_000_000)]
    public void A_gzip_that_goes_on_past_the_declared_size_is_refused(int more)
    {
        using (var gzip = new GZipStream(File.Create(_folder["bomb.nii.gz"]), CompressionLevel.Fastest))
        {
            gzip.Write(Good.Bytes());
            gzip.Write(new byte[more]);
        }
        Assert.Contains("goes on past the 400 bytes", Assert.Throws<InvalidImageException>(() => NiftiFile.ReadImage(_folder["bomb.nii.gz"])).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(24)]
    public void A_gzip_that_ends_early_but_well_is_refused(int missing)
    {
        using (var gzip = new GZipStream(File.Create(_folder["a.nii.gz"]), CompressionLevel.Fastest))
            gzip.Write(Good.Bytes().AsSpan(0, 400 - missing));
        Assert.Contains($"ends after {400 - missing} bytes; its header declares 400", Assert.Throws<InvalidImageException>(() => NiftiFile.ReadImage(_folder["a.nii.gz"])).Message);
    }

    [Theory]
    [InlineData(0.3, "0.3")]
    [InlineData(2.002, "2.002")]
    [InlineData(-1, "-1")]
    [InlineData(65536, "65536")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void A_label_that_is_no_whole_number_in_range_is_refused(double value, string text)
    {
        var voxels = new double[24];
        voxels[1 + 2 * (2 + 3 * 3)] = value;
        var path = new RawNifti { DataType = 64, Voxels = voxels }.WriteTo(_folder["label.nii.gz"]);

        var fault = Assert.Throws<InvalidImageException>(() => NiftiFile.ReadLabel(path));

        Assert.Equal(path, fault.File);
        Assert.Equal($"has the label {text} at voxel (1, 2, 3); expected whole numbers from 0 to 65535.", fault.Reason);
    }

    private static void AssertRefused(string path, string message)
    {
        var fault = Assert.Throws<InvalidImageException>(() => NiftiFile.ReadHeader(path));
        Assert.Equal(path, fault.File);
        Assert.Contains(message, fault.Message);
        Assert.Contains(message, Assert.Throws<InvalidImageException>(() => NiftiFile.ReadImage(path)).Message);
    }
}
