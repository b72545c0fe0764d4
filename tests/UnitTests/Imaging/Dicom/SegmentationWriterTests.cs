using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Labels;
using VerSemi.Imaging.Dicom.Parsing;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.Imaging.Dicom.Writing;
using VerSemi.TestKit;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Imaging.Dicom;

/// <summary>What is written lies on the source's slices, names its source, and is what a validator accepts.</summary>
public sealed class SegmentationWriterTests : IDisposable
{
    private static readonly SegmentationDescription Description = new("main/3", "For research use, not a medical device", DateTimeOffset.UnixEpoch);

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Places => ["axial", "oblique", "tilted"];

    [Theory]
    [MemberData(nameof(Places))]
    public void Overlapping_masks_come_back_voxel_by_voxel(string place)
    {
        var (phantom, volume) = Series(place);
        var (liver, left) = (Mask(phantom, i => i % 5 == 0), Mask(phantom, i => i % 7 == 0 && i < 300));

        var bytes = Write(phantom, volume, liver, left);

        var file = DicomFile.Parse(bytes, "seg", isWhole: true, headerOnly: false);
        foreach (var (name, mask) in new[] { ("Liver", liver), ("Left kidney", left) })
        {
            var map = new LabelMap(volume);
            SegmentationReader.Read(file, new Dictionary<string, ushort> { [name] = 1 }, map);
            Assert.Equal(mask, map.Labels.Voxels);
        }
        Assert.Equal("YES", file.Data.Text(Tags.SegmentsOverlap));
        Assert.Equal(phantom.Series, Assert.Single(EntryReader.Read(file).Label.Series));
        Assert.Equal(6, EntryReader.Read(file).Label.Instances.Count);
        Assert.Equal(phantom.Patient, file.Data.Text(Tags.PatientID));
    }

    [Fact]
    public void The_same_result_has_the_same_bytes_and_UIDs_and_another_has_others()
    {
        var (phantom, volume) = Series("axial");
        var (a, b) = (Mask(phantom, i => i % 5 == 0), Mask(phantom, i => i % 6 == 0));
        string Uid(byte[] bytes) => DicomFile.Parse(bytes, "seg", isWhole: true, headerOnly: false).Data.Text(Tags.SOPInstanceUID);

        Assert.Equal(Write(phantom, volume, a, b), Write(phantom, volume, a, b));
        Assert.NotEqual(Uid(Write(phantom, volume, a, b)), Uid(Write(phantom, volume, b, a)));
        Assert.Matches(@"^2\.25\.[1-9][0-9]{30,38}$", Uid(Write(phantom, volume, a, b)));
    }

    [Fact]
    public void Frames_without_a_mark_are_left_out_or_kept_by_option()
    {
        var (phantom, volume) = Series("axial");
        var (some, none) = (Mask(phantom, i => i is > 130 and < 140), Mask(phantom, _ => false));
        int? Frames(SegmentationDescription description) => DicomFile.Parse(Write(phantom, volume, some, none, description), "seg", isWhole: true, headerOnly: false).Data.Whole(Tags.NumberOfFrames);

        Assert.Equal(1, Frames(Description));
        Assert.Equal(12, Frames(Description with { EmptyFrames = true }));
    }

    [Theory]
    [InlineData("Left kidney", "64033007", "7771000")]
    [InlineData("kidneys", "64033007", null)]
    [InlineData("Lung (right)", "39607008", "24028007")]
    [InlineData("liver tumour", "108369006", null)]
    [InlineData("ball", "85756007", null)]
    public void Common_structures_have_their_codes(string name, string type, string? side)
    {
        var code = SegmentCodes.Of(name);

        Assert.Equal((type, side), (code.Type.Value, code.Modifier?.Value));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_validator_finds_no_error(string place)
    {
        var missing = DicomTools.Missing("dciodvfy");
        Assert.SkipWhen(missing is not null, missing ?? "");
        var (phantom, volume) = Series(place);
        File.WriteAllBytes(_folder["seg.dcm"], Write(phantom, volume, Mask(phantom, i => i % 5 == 0), Mask(phantom, i => i % 7 == 0)));

        var (_, output) = DicomTools.Run("dciodvfy", _folder["seg.dcm"]);

        Assert.Contains("Segmentation", output, StringComparison.Ordinal);
        Assert.DoesNotContain(output.Split('\n'), line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_reader_has_the_same_elements_and_pixels()
    {
        var missing = DicomTools.Missing("gdcmconv", "dcmdump");
        Assert.SkipWhen(missing is not null, missing ?? "");
        var (phantom, volume) = Series("axial");
        File.WriteAllBytes(_folder["seg.dcm"], Write(phantom, volume, Mask(phantom, i => i % 5 == 0), Mask(phantom, i => i % 7 == 0)));

        Assert.Equal(0, DicomTools.Run("dcmdump", "-q", _folder["seg.dcm"]).Code);
        var (code, output) = DicomTools.Run("gdcmconv", "--raw", _folder["seg.dcm"], _folder["raw.dcm"]);

        Assert.True(code == 0, output);
        Assert.Equal(Pixels("seg.dcm"), Pixels("raw.dcm"));
    }

    private byte[] Pixels(string name) => DicomFile.Read(_folder[name]).Data.Find(Tags.PixelData)!.Value.ToArray();

    private (DicomPhantom, DicomVolume) Series(string place)
    {
        var phantom = (place switch
        {
            "oblique" => new DicomPhantom { Cosines = [Math.Cos(0.3), Math.Sin(0.3), 0, 0, 0, -1], Step = [-3 * Math.Sin(0.3), 3 * Math.Cos(0.3), 0] },
            "tilted" => new DicomPhantom { Step = [0, 0.7, 2.4] },
            _ => new DicomPhantom(),
        }).WriteTo(_folder["series"]);
        return (phantom, Assert.Single(Assert.Single(SeriesFolder.Read(_folder["series"], allowDerived: false).Series()).Volumes));
    }

    private static byte[] Write(DicomPhantom phantom, DicomVolume volume, ushort[] liver, ushort[] left, SegmentationDescription? description = null) => SegmentationWriter.Write(
        DicomFile.Parse(phantom.Bytes(0), "source", isWhole: true, headerOnly: false), volume,
        [new WrittenSegment("Liver", SegmentCodes.Of("Liver"), liver), new WrittenSegment("Left kidney", SegmentCodes.Of("Left kidney"), left)], description ?? Description);

    private static ushort[] Mask(DicomPhantom phantom, Func<int, bool> inside) => [.. Enumerable.Range(0, phantom.Pixels.Length).Select(i => (ushort)(inside(i) ? 1 : 0))];

    public void Dispose() => _folder.Dispose();
}
