using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.TestKit;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Imaging.Dicom;

/// <summary>The table of cases: what is a volume, what is several, and what is refused rather than guessed.</summary>
public sealed class SeriesAssemblerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Slices_are_ordered_by_their_places_and_the_volume_is_the_phantom()
    {
        var phantom = Write(new DicomPhantom());

        var volume = Assert.Single(Assert.Single(Assemble()).Volumes);

        Assert.Equal(phantom.Grid.Size, volume.Grid.Size);
        Assert.True(phantom.Grid.CornerDistance(volume.Grid) < 1e-6);
        Assert.Equal(phantom.Volume.Voxels, Read(volume).Voxels);
        Assert.Equal(Enumerable.Range(0, 6).Select(phantom.InstanceOf), volume.Slices.Select(slice => slice.SopInstance));
    }

    [Fact]
    public void An_oblique_series_has_its_affine()
    {
        var (c, s) = (Math.Cos(0.3), Math.Sin(0.3));
        var phantom = Write(new DicomPhantom { Cosines = [c, s, 0, 0, 0, -1], Step = [-s * 3, c * 3, 0] });

        Assert.True(phantom.Grid.CornerDistance(Assert.Single(Assert.Single(Assemble()).Volumes).Grid) < 1e-4);
    }

    [Fact]
    public void A_tilted_gantry_gives_a_sheared_affine_and_a_note()
    {
        var phantom = Write(new DicomPhantom { Step = [0, 0.7, 2.4] });

        var volume = Assert.Single(Assert.Single(Assemble()).Volumes);

        Assert.True(phantom.Grid.CornerDistance(volume.Grid) < 1e-6);
        Assert.Contains(volume.Notes, note => note.StartsWith("The slices are sheared by 16.26°", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_slice_refuses_the_series_with_files_and_places()
    {
        var phantom = Write(new DicomPhantom());
        File.Delete(_folder[DicomPhantom.NameOf(3)]);

        var reason = Assert.Single(Refused());

        Assert.StartsWith($"1 slice(s) are missing between {DicomPhantom.NameOf(2)} and {DicomPhantom.NameOf(4)} (at 45 and 50 mm along the normal)", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Variable_spacing_is_refused_and_jitter_is_not()
    {
        Write(new DicomPhantom { Edit = (k, file) => file.Text(0x00200032, "DS", -20, -30, 40 + 2.5 * k + (k % 2 == 0 ? 0.006 : 0)) });
        Assert.Single(Assert.Single(Assemble()).Volumes);

        Write(new DicomPhantom { Edit = (k, file) => file.Text(0x00200032, "DS", -20, -30, 40 + 2.5 * k + (k > 3 ? 1.1 : 0)) });
        Assert.StartsWith("The spacing varies: 3.6 mm between", Assert.Single(Refused()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_that_is_there_twice_is_taken_once_with_a_note()
    {
        var phantom = Write(new DicomPhantom());
        File.Copy(_folder[DicomPhantom.NameOf(2)], _folder["again"]);

        var volume = Assert.Single(Assert.Single(Assemble()).Volumes);

        Assert.Equal(phantom.Volume.Voxels, Read(volume).Voxels);
        Assert.Contains(volume.Notes, note => note.StartsWith("1 slice(s) are there twice", StringComparison.Ordinal));
    }

    [Fact]
    public void Other_pixels_at_one_place_are_refused_where_nothing_tells_them_apart()
    {
        var phantom = Write(new DicomPhantom());
        File.WriteAllBytes(_folder["other"], new DicomPhantom { Edit = (_, file) => file.Set(0x7FE00010, "OW", new byte[240]) }.Bytes(2));

        Assert.StartsWith("2 slices lie at one place with other pixels", Assert.Single(Refused()), StringComparison.Ordinal);
        Assert.Contains(DicomPhantom.NameOf(2), Assert.Single(Refused()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x00180086u, "IS", "echo")]
    [InlineData(0x00189087u, "FD", "b-value")]
    [InlineData(0x00200100u, "IS", "time")]
    [InlineData(0x00200012u, "IS", "acquisition")]
    public void Echoes_b_values_times_and_acquisitions_are_volumes_of_their_own(uint tag, string vr, string name)
    {
        var parts = new[] { 1, 2 }.Select(n => new DicomPhantom
        {
            Modality = "MR",
            Intercept = n,
            Edit = (k, file) => file.Set(tag, vr, vr == "FD" ? new[] { (double)n } : $"{n}").Text(0x00080018, "UI", $"1.2.{n}.{k}"),
        }.WriteTo(_folder[$"part{n}"])).ToList();

        var volumes = Assert.Single(Assemble()).Volumes;

        Assert.Equal(2, volumes.Count);
        Assert.Equal(parts.Select(part => part.Volume.Voxels), volumes.Select(volume => Read(volume).Voxels));
        Assert.Contains($"The series holds several volumes; this is {name} 1 of 2.", volumes[0].Notes);
    }

    [Fact]
    public void Localizers_captures_derived_and_annotated_images_are_left_out_with_their_reason()
    {
        Write(new DicomPhantom());
        var bad = new[]
        {
            ("localizer", new DicomPhantom { Edit = (_, file) => file.Text(0x00080008, "CS", "ORIGINAL", "PRIMARY", "LOCALIZER") }),
            ("secondary capture", new DicomPhantom { Edit = (_, file) => file.Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7") }),
            ("DERIVED", new DicomPhantom { Edit = (_, file) => file.Text(0x00080008, "CS", "DERIVED", "PRIMARY", "MPR") }),
            ("burned-in", new DicomPhantom { Edit = (_, file) => file.Text(0x00280301, "CS", "YES") }),
            ("no position", new DicomPhantom { Edit = (_, file) => file.Remove(0x00200032) }),
        };
        foreach (var (name, phantom) in bad)
            File.WriteAllBytes(_folder[name.Split(' ')[0]], phantom.Bytes(0));

        var series = Assert.Single(Assemble());

        Assert.Single(series.Volumes);
        Assert.Equal(bad.Select(one => one.Item1.Split(' ')[0]).Order(StringComparer.Ordinal), series.LeftOut.Select(one => one.File));
        Assert.All(bad, one => Assert.Contains(series.LeftOut, found => found.Reason.Contains(one.Item1, StringComparison.Ordinal)));
    }

    [Fact]
    public void Mixed_orientations_are_split_and_small_stacks_are_no_case()
    {
        var phantom = Write(new DicomPhantom());
        new DicomPhantom(slices: 2) { Cosines = [0, 1, 0, 0, 0, -1], Step = [3, 0, 0] }.WriteTo(_folder["scout"]);

        var series = Assert.Single(Assemble(minimum: 3));

        Assert.True(phantom.Grid.CornerDistance(Assert.Single(series.Volumes).Grid) < 1e-6);
        Assert.StartsWith("2 slice(s) from", Assert.Single(series.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void Rescale_is_applied_slice_by_slice_and_padding_of_CT_is_air()
    {
        var phantom = Write(new DicomPhantom
        {
            Edit = (k, file) =>
            {
                file.Text(0x00281053, "DS", k + 1).Set(0x00280120, "SS", new[] { unchecked((ushort)-2000) });
                file.Set(0x7FE00010, "OW", PixelEncoders.Little([.. Enumerable.Range(0, 120).Select(i => (short)(i == 5 ? -2000 : i))]));
            },
        });

        var voxels = Read(Assert.Single(Assert.Single(Assemble()).Volumes)).Voxels;

        Assert.Equal(Enumerable.Range(0, 720).Select(i => i % 120 == 5 ? -1000f : (i % 120) * (i / 120 + 1) - 1024f), voxels);
        Assert.Equal(6, phantom.Slices);
    }

    [Fact]
    public void MONOCHROME1_of_CT_is_noted_and_not_inverted_and_elsewhere_refused()
    {
        var phantom = Write(new DicomPhantom { Edit = (_, file) => file.Text(0x00280004, "CS", "MONOCHROME1") });
        var volume = Assert.Single(Assert.Single(Assemble()).Volumes);
        Assert.Equal(phantom.Volume.Voxels, Read(volume).Voxels);
        Assert.Contains(volume.Notes, note => note.Contains("MONOCHROME1", StringComparison.Ordinal));

        Write(new DicomPhantom { Modality = "PT", Edit = (_, file) => file.Text(0x00280004, "CS", "MONOCHROME1") });
        Assert.All(Assert.Single(Assemble()).LeftOut, one => Assert.Contains("inverted", one.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Frames_of_an_enhanced_file_override_what_they_share()
    {
        var phantom = new DicomPhantom();
        DicomBytes Group(uint sequence, DicomBytes item) => new DicomBytes().Items(sequence, item);
        var frames = Enumerable.Range(0, 6).Reverse().Select(k => Group(0x00209113, new DicomBytes().Text(0x00200032, "DS", -20, -30, 40 + 2.5 * k))
            .Items(0x00289145, new DicomBytes().Text(0x00281052, "DS", k).Text(0x00281053, "DS", 2)));
        var shared = Group(0x00289110, new DicomBytes().Text(0x00280030, "DS", 1.5, 0.75).Text(0x00180050, "DS", 2.5)).Items(0x00209116, new DicomBytes().Text(0x00200037, "DS", 1, 0, 0, 0, 1, 0))
            .Items(0x00289145, new DicomBytes().Text(0x00281052, "DS", 77).Text(0x00281053, "DS", 99));
        var pixels = Enumerable.Range(0, 6).Reverse().SelectMany(k => PixelEncoders.Little(phantom.Pixels.AsSpan(k * 120, 120))).ToArray();
        File.WriteAllBytes(_folder["enhanced"], phantom.Slice(0).Remove(0x00200032).Remove(0x00200037).Remove(0x00280030).Text(0x00280008, "IS", 6)
            .Items(0x52009229, shared).Items(0x52009230, [.. frames]).Set(0x7FE00010, "OW", pixels).File(DicomEncoding.ExplicitLittle));

        var volume = Assert.Single(Assert.Single(Assemble()).Volumes);

        Assert.True(phantom.Grid.CornerDistance(volume.Grid) < 1e-6);
        Assert.Equal(phantom.Pixels.Select((value, i) => value * 2f + i / 120), Read(volume).Voxels);
    }

    private DicomPhantom Write(DicomPhantom phantom) => phantom.WriteTo(_folder.Path);

    private IReadOnlyList<DicomSeries> Assemble(int minimum = 2) => SeriesAssembler.Assemble(
        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => EntryReader.Read(DicomFile.ReadHeader(file, Path.GetRelativePath(_folder.Path, file)))), minimum, Reader.Content);

    private IReadOnlyList<string> Refused()
    {
        var series = Assert.Single(Assemble());
        Assert.Empty(series.Volumes);
        return series.Refusals;
    }

    private VolumeReader Reader => new(file => _folder[file]);

    private VerSemi.Imaging.Geometry.Volume<float> Read(DicomVolume volume) => Reader.Read(volume, isCt: true);

    public void Dispose() => _folder.Dispose();
}
