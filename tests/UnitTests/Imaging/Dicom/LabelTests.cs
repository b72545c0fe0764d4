using VerSemi.Imaging;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Labels;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Imaging.Dicom;

/// <summary>Segmentations and structure sets come back as the masks that they were made from.</summary>
public sealed class LabelTests
{
    private static readonly Dictionary<string, ushort> Values = new() { ["Liver"] = 1, ["Spleen"] = 2 };

    public static TheoryData<string> Places => ["axial", "oblique", "tilted"];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_binary_segmentation_comes_back_voxel_by_voxel(string place)
    {
        var phantom = Phantom(place);
        var (liver, spleen) = (Mask(phantom, 1), Mask(phantom, 2));

        var map = Read(phantom, LabelPhantoms.Seg(phantom, "BINARY", new Dictionary<string, byte[]> { ["Other"] = Mask(phantom, 3), ["Liver"] = liver, ["Spleen"] = spleen }));

        Assert.Equal(liver.Zip(spleen, (a, b) => (ushort)(a != 0 ? 1 : b != 0 ? 2 : 0)), map.Labels.Voxels);
        Assert.Empty(map.Overlaps);
    }

    [Fact]
    public void A_label_map_and_a_fractional_segmentation_come_back_too()
    {
        var phantom = Phantom("axial");
        var (liver, spleen) = (Mask(phantom, 1), Mask(phantom, 2));
        var expected = liver.Zip(spleen, (a, b) => (ushort)(a != 0 ? 1 : b != 0 ? 2 : 0));
        Assert.Equal(expected, Read(phantom, LabelPhantoms.Seg(phantom, "LABELMAP", new Dictionary<string, byte[]> { ["Liver"] = liver, ["Spleen"] = spleen })).Labels.Voxels);

        var part = liver.Select((inside, i) => (byte)(inside != 0 ? 128 + i % 100 : i % 128)).ToArray();
        var map = Read(phantom, LabelPhantoms.Seg(phantom, "FRACTIONAL", new Dictionary<string, byte[]> { ["Liver"] = part }));

        Assert.Equal(liver.Select(inside => (ushort)(inside != 0 ? 1 : 0)), map.Labels.Voxels);
        Assert.Contains("fractional", Assert.Single(map.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Voxels_of_two_segments_are_counted()
    {
        var phantom = Phantom("axial");

        var map = Read(phantom, LabelPhantoms.Seg(phantom, "BINARY", new Dictionary<string, byte[]> { ["Liver"] = Mask(phantom, 1), ["Spleen"] = Mask(phantom, 1) }));

        Assert.Equal(Mask(phantom, 1).LongCount(inside => inside != 0), map.Overlaps[(1, 2)]);
    }

    [Fact]
    public void A_segmentation_on_another_grid_is_refused()
    {
        var phantom = Phantom("axial");
        var seg = LabelPhantoms.Seg(new DicomPhantom { Origin = [-20.3, -30, 40] }, "BINARY", new Dictionary<string, byte[]> { ["Liver"] = Mask(phantom, 1) });

        Assert.Contains("does not lie on the voxels", Assert.Throws<InvalidImageException>(() => Read(phantom, seg)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Contours_with_a_hole_and_two_parts_mark_the_voxels_whose_centres_are_inside(string place)
    {
        var phantom = Phantom(place);
        var file = LabelPhantoms.StructureSet(phantom, new Dictionary<string, (double, (double, double)[])[]>
        {
            ["Liver"] = [(1, Square(0.6, 7.4)), (1, Square(2.6, 4.4)), (2.1, Square(0.6, 7.4)), (4, [(8.5, 0.5), (11.5, 0.5), (10, 3.5)])],
        });

        var map = Read(phantom, file);

        var marked = Enumerable.Range(0, map.Labels.Voxels.Length).Where(i => map.Labels.Voxels[i] == 1).Select(i => (X: i % 12, Y: i / 12 % 10, Z: i / 120)).ToHashSet();
        var square = from x in Enumerable.Range(1, 7) from y in Enumerable.Range(1, 7) select (x, y);
        var expected = square.Where(p => p.x is < 3 or > 4 || p.y is < 3 or > 4).Select(p => (p.x, p.y, 1)).Concat(square.Select(p => (p.x, p.y, 2)))
            .Concat([(9, 1, 4), (10, 1, 4), (11, 1, 4), (10, 2, 4), (10, 3, 4)]).Order().ToList();
        Assert.Equal(expected, marked.Order());
        Assert.Contains(map.Notes, note => note.Contains("3 of the 4 slices", StringComparison.Ordinal));
    }

    [Fact]
    public void A_contour_across_slices_is_refused_and_one_outside_is_noted()
    {
        var phantom = Phantom("axial");
        var map = Read(phantom, LabelPhantoms.StructureSet(phantom, new Dictionary<string, (double, (double, double)[])[]> { ["Liver"] = [(1, Square(1, 5)), (9, Square(1, 5))] }));
        Assert.Contains("1 of 2 contours of 'Liver' lie outside", Assert.Single(map.Notes), StringComparison.Ordinal);

        var (tilted, straight) = (new DicomPhantom { Cosines = [1, 0, 0, 0, Math.Cos(0.5), Math.Sin(0.5)] }, Phantom("axial"));
        Assert.Contains("does not lie in a slice", Assert.Throws<InvalidImageException>(() =>
            Read(straight, LabelPhantoms.StructureSet(tilted, new Dictionary<string, (double, (double, double)[])[]> { ["Liver"] = [(1, Square(1, 7))] }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_label_refers_to_and_marks_stands_in_its_header()
    {
        var phantom = Phantom("axial");
        var seg = EntryReader.Read(Parse(LabelPhantoms.Seg(phantom, "BINARY", new Dictionary<string, byte[]> { ["Liver"] = Mask(phantom, 1) })));
        var rt = EntryReader.Read(Parse(LabelPhantoms.StructureSet(phantom, new Dictionary<string, (double, (double, double)[])[]> { ["Liver"] = [(1, Square(1, 5))] })));

        Assert.Equal((DicomKind.Segmentation, DicomKind.StructureSet), (seg.Kind, rt.Kind));
        foreach (var label in new[] { seg.Label, rt.Label })
        {
            Assert.Equal(phantom.FrameOfReference, label.FrameOfReference);
            Assert.Equal(phantom.Series, Assert.Single(label.Series));
            Assert.Equal("Liver", Assert.Single(label.Structures));
        }
        Assert.Equal(6, seg.Label.Instances.Count);
    }

    private static DicomPhantom Phantom(string place) => place switch
    {
        "oblique" => new DicomPhantom { Cosines = [Math.Cos(0.3), Math.Sin(0.3), 0, 0, 0, -1], Step = [-3 * Math.Sin(0.3), 3 * Math.Cos(0.3), 0] },
        "tilted" => new DicomPhantom { Step = [0, 0.7, 2.4] },
        _ => new DicomPhantom(),
    };

    private static (double, double)[] Square(double from, double to) => [(from, from), (to, from), (to, to), (from, to)];

    /// <summary>Boxes that do not overlap.</summary>
    private static byte[] Mask(DicomPhantom phantom, int number) =>
        [.. Enumerable.Range(0, phantom.Pixels.Length).Select(i => (byte)(i % phantom.Columns / 3 == number && i / phantom.Columns % phantom.Rows > number && i / (phantom.Columns * phantom.Rows) < 5 ? 1 : 0))];

    private static LabelMap Read(DicomPhantom phantom, byte[] label)
    {
        var entries = Enumerable.Range(0, phantom.Slices).Select(k => EntryReader.Read(DicomFile.Parse(phantom.Bytes(k), $"{k}", isWhole: true, headerOnly: false)));
        var map = new LabelMap(Assert.Single(Assert.Single(SeriesAssembler.Assemble(entries, 2, _ => "")).Volumes));
        var file = Parse(label);
        if (EntryReader.Read(file).Kind == DicomKind.Segmentation)
            SegmentationReader.Read(file, Values, map);
        else
            StructureSetReader.Read(file, Values, map);
        return map;
    }

    private static DicomFile Parse(byte[] bytes) => DicomFile.Parse(bytes, "label", isWhole: true, headerOnly: false);
}
