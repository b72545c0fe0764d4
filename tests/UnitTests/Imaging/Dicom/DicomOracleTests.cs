using VerSemi.Imaging;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Parsing;
using VerSemi.Imaging.Dicom.Pixels;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Imaging.Dicom;

/// <summary>Other programs' files and judgement: sample files of pydicom and nibabel, GDCM, dcmtk, dcm2niix.</summary>
public sealed class DicomOracleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Every_sample_file_reads_to_the_voxels_that_GDCM_reads_or_is_refused_for_a_listed_reason()
    {
        var missing = DicomTools.Missing("gdcmconv", DicomTools.PydicomFiles, DicomTools.NibabelFiles, "libcharls.so.2", "libopenjp2.so.7");
        Assert.SkipWhen(missing is not null, missing ?? "");
        var (wrong, equal) = (new List<string>(), 0);
        foreach (var path in SampleFiles.All(_folder.Path))
        {
            var said = SampleFiles.RefusalOf(path);
            var (mine, refusal) = Try(path);
            if ((refusal is null) != (said is null) || (refusal is not null && !refusal.Contains(said!, StringComparison.OrdinalIgnoreCase)))
                wrong.Add($"{Path.GetFileName(path)}: {refusal ?? "read"}, expected {said ?? "to be read"}");
            if (mine is null)
                continue;
            // Two decoders of lossy JPEG may round otherwise.
            var difference = Compare(path, mine, SampleFiles.IsLossy(path) ? 1 : 0);
            equal += difference is null ? 1 : 0;
            if (difference is not null)
                wrong.Add($"{Path.GetFileName(path)}: {difference}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{equal} files equal GDCM's");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(equal > 20, $"only {equal}");
    }

    [Theory]
    [InlineData("dcmcrle", "")]
    [InlineData("dcmcjpeg", "+e1")]
    [InlineData("dcmcjpeg", "+el +sv 6")]
    [InlineData("dcmcjpls", "")]
    [InlineData("gdcmconv", "--j2k")]
    [InlineData("gdcmconv", "--jpegls")]
    [InlineData("gdcmconv", "--jpeg")]
    [InlineData("gdcmconv", "--rle")]
    [InlineData("dcmconv", "+tb")]
    [InlineData("dcmconv", "+ti")]
    [InlineData("dcmconv", "+td")]
    public void What_other_encoders_made_of_a_phantom_is_the_phantom(string program, string options)
    {
        var missing = DicomTools.Missing(program, "libcharls.so.2", "libopenjp2.so.7");
        Assert.SkipWhen(missing is not null, missing ?? "");
        var phantom = new DicomPhantom(columns: 64, rows: 48, slices: 1);
        File.WriteAllBytes(_folder["plain"], phantom.Bytes(0));

        var (code, output) = DicomTools.Run(program, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), _folder["plain"], _folder["made"]]);
        Assert.True(code == 0, output);

        Assert.Equal(phantom.Pixels.Select(value => (long)value), DicomPixels.Of(DicomFile.Read(_folder["made"])).Frame(0));
    }

    [Fact]
    public void Baseline_JPEG_is_what_GDCM_decodes_to_one_grey_value()
    {
        var missing = DicomTools.Missing("dcmcjpeg", "gdcmconv");
        Assert.SkipWhen(missing is not null, missing ?? "");
        var grey = Enumerable.Range(0, 64 * 48).Select(i => (byte)(i % 64 * 3 + i / 64)).ToArray();
        var slice = new DicomPhantom(columns: 64, rows: 48, slices: 1).Slice(0).Set(0x00280100, "US", new ushort[] { 8 }).Set(0x00280101, "US", new ushort[] { 8 })
            .Set(0x00280102, "US", new ushort[] { 7 }).Set(0x00280103, "US", new ushort[] { 0 }).Text(0x00281052, "DS", 0).Set(0x7FE00010, "OW", grey);
        File.WriteAllBytes(_folder["plain"], slice.File(DicomEncoding.ExplicitLittle));
        var (code, output) = DicomTools.Run("dcmcjpeg", "+eb", _folder["plain"], _folder["made"]);
        Assert.True(code == 0, output);

        var file = DicomFile.Read(_folder["made"]);
        var mine = DicomPixels.Of(file).Frame(0);

        Assert.Equal(TransferSyntax.JpegBaseline, file.Syntax);
        Assert.Null(Compare(_folder["made"], [mine], tolerance: 1));
        Assert.True(mine.Zip(grey, (a, b) => Math.Abs(a - b)).Max() < 20);
    }

    [Theory]
    [InlineData("axial")]
    [InlineData("oblique")]
    [InlineData("sagittal")]
    public void A_series_lies_where_dcm2niix_puts_it(string direction)
    {
        var missing = DicomTools.Missing("dcm2niix");
        Assert.SkipWhen(missing is not null, missing ?? "");
        var (c, s) = (Math.Cos(0.3), Math.Sin(0.3));
        var phantom = (direction switch
        {
            "axial" => new DicomPhantom { Modality = "MR" },
            "oblique" => new DicomPhantom { Modality = "MR", Cosines = [c, s, 0, 0, 0, -1], Step = [-s * 3, c * 3, 0] },
            _ => new DicomPhantom { Modality = "MR", Cosines = [0, 1, 0, 0, 0, -1], Step = [-3, 0, 0] },
        }).WriteTo(_folder["series"]);

        var (code, output) = DicomTools.Run("dcm2niix", "-b", "n", "-z", "n", "-f", "made", "-o", _folder.Path, _folder["series"]);
        Assert.True(code == 0, output);

        var theirs = NiftiFile.ReadImage(Directory.EnumerateFiles(_folder.Path, "made*.nii").Single());
        var series = SeriesAssembler.Assemble(Directory.EnumerateFiles(_folder["series"]).Select(file => EntryReader.Read(DicomFile.ReadHeader(file))), 2, _ => "");
        var ours = new VolumeReader(file => file).Read(Assert.Single(Assert.Single(series).Volumes), isCt: false);
        var (a, b) = (Orientation.Of(theirs.Grid.Affine).ToRas(theirs), Orientation.Of(ours.Grid.Affine).ToRas(ours));
        Assert.True(a.Grid.CornerDistance(b.Grid) < 1e-3, $"{a.Grid} {b.Grid}");
        Assert.Equal(a.Voxels, b.Voxels);
        Assert.Equal(6, phantom.Slices);
    }

    private static (IReadOnlyList<long[]>? Frames, string? Refusal) Try(string path)
    {
        try
        {
            var pixels = DicomPixels.Of(DicomFile.Read(path));
            return ([.. Enumerable.Range(0, pixels.Format.Frames).Select(pixels.Frame)], null);
        }
        catch (InvalidImageException e)
        {
            return (null, e.Reason);
        }
    }

    /// <summary>GDCM decodes to a file without compression, whose pixels are compared byte by byte.</summary>
    private string? Compare(string path, IReadOnlyList<long[]> mine, long tolerance)
    {
        var raw = _folder["raw.dcm"];
        File.Delete(raw);
        var (code, output) = DicomTools.Run("gdcmconv", "--raw", SampleFiles.TwinOf(path) ?? path, raw);
        if (code != 0 || !File.Exists(raw))
            return $"gdcmconv: {output}";
        var file = DicomFile.Read(raw);
        var format = DicomPixels.Of(file).Format;
        var bytes = file.Data.Find(Tags.PixelData)!.Value.Span;
        if (format.BitsAllocated == 1)
            return null;
        var (width, difference) = (format.BitsAllocated / 8, 0L);
        for (var i = 0; i < mine.Count * format.Pixels; i++)
        {
            var theirs = 0L;
            for (var b = 0; b < width; b++)
                theirs |= (long)bytes[i * width + b] << (8 * b);
            difference = Math.Max(difference, Math.Abs(format.Value(theirs) - mine[i / format.Pixels][i % format.Pixels]));
        }
        return difference <= tolerance ? null : $"differs by up to {difference}";
    }

    public void Dispose() => _folder.Dispose();
}
