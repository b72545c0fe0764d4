using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Labels;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;
using VerSemi.TestKit.Dicom;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>By the model of a data folder, on this machine.</summary>
public class SegmentTests(PromotedFixture promoted) : SegmentContract(promoted)
{
    [Fact]
    public async Task A_model_that_is_not_there_is_named()
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await Promoted.RunAsync("segment", Image, "-o", folder["out"], "--model", "7");

        Assert.Equal(1, code);
        Assert.Contains("main/7", errors);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task The_entropy_map_of_one_task_is_that_of_its_probabilities()
    {
        using var folder = new TempFolder();

        var rows = (await Promoted.JsonAsync("segment", Image, "-o", folder.Path, "--entropy", "--probabilities")).AsArray();

        var stem = Path.GetFileName(Image).Replace(".nii.gz", "", StringComparison.Ordinal);
        var entropy = NiftiFile.ReadImage(folder[$"{stem}_entropy.nii.gz"]).Voxels;
        var probability = NiftiFile.ReadImage(folder[rows[0]!["mask"]!.GetValue<string>().Replace(".nii.gz", "_probability.nii.gz", StringComparison.Ordinal)]).Voxels;
        Assert.All(probability.Zip(entropy), voxel => Assert.Equal(-voxel.First * Math.Log2(voxel.First) - (1 - voxel.First) * Math.Log2(1 - voxel.First), voxel.Second, 1e-4));
    }

    [Fact]
    public async Task A_folder_with_a_models_two_files_segments_as_the_model_does_without_any_data_folder()
    {
        using var folder = new TempFolder();
        FolderCopy.Make(Path.Combine(promoted.AsPromoted, "models/main/1"), folder["model"]);
        var before = Directory.GetFileSystemEntries(folder["model"]);

        var (code, output, errors) = await VersemiProcess.RunAsync(
            ["segment", Image, "-o", folder["out"], "--model", folder["model"], "--data", folder["none"]], RunningPlatform.Quick, TestContext.Current.CancellationToken);
        var (known, _, _) = await Promoted.RunAsync("segment", Image, "-o", folder["known"], "--model", "1");

        Assert.True(code == 0, errors);
        Assert.Equal(0, known);
        Assert.Contains("tiny1/ball", output, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(folder["known"]))
            Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path.Combine(folder["out"], Path.GetFileName(file)), TestContext.Current.CancellationToken));
        Assert.Equal(before, Directory.GetFileSystemEntries(folder["model"]));
    }

    [Fact]
    public async Task A_folder_without_a_model_is_answered_by_what_is_missing()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["model"]);

        var (code, _, errors) = await Promoted.RunAsync("segment", Image, "-o", folder["out"], "--model", folder["model"]);

        Assert.Equal(1, code);
        Assert.Contains("holds no model.json", errors, StringComparison.Ordinal);
        Assert.Contains("runs/RUN/attempts/1/model", errors, StringComparison.Ordinal);
    }
}

/// <summary>By a server's model in production.</summary>
public class ServerSegmentTests(ServedFixture served) : SegmentContract(served), IClassFixture<ServedFixture>
{
    [Fact]
    public async Task What_a_server_does_not_offer_is_a_wrong_call()
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await Promoted.RunAsync("segment", Image, "-o", folder["out"], "--probabilities");

        Assert.Equal(2, code);
        Assert.Contains("--probabilities", errors);
    }
}

/// <summary>What `versemi segment` does, wherever the model is.</summary>
public abstract class SegmentContract(CommandFixture promoted)
{
    protected CommandFixture Promoted => promoted;

    protected string Image => Directory.EnumerateFiles(Path.Combine(promoted.Dataset, "imagesTs")).Order(StringComparer.Ordinal).First();

    [Fact]
    public async Task Segment_writes_masks_and_a_label_map_on_the_images_own_grid_and_a_table()
    {
        using var folder = new TempFolder();

        var rows = (await promoted.JsonAsync("segment", Image, "-o", folder.Path)).AsArray();

        var row = Assert.Single(rows)!;
        Assert.Equal("tiny1/ball", row["task"]!.GetValue<string>());
        var (image, mask) = (NiftiFile.ReadImage(Image), NiftiFile.ReadLabel(folder[row["mask"]!.GetValue<string>()]));
        Assert.Equal(image.Grid, mask.Grid);
        Assert.InRange(row["confidence"]!.GetValue<double>(), 0, 1);
        Assert.Equal(row["voxels"]!.GetValue<long>(), mask.Voxels.LongCount(voxel => voxel == 1));
        var stem = Path.GetFileName(Image).Replace(".nii.gz", "", StringComparison.Ordinal);
        Assert.Equal(image.Grid, NiftiFile.ReadLabel(folder[$"{stem}_labels.nii.gz"]).Grid);
        Assert.Equal(rows.ToJsonString(), JsonNode.Parse(await File.ReadAllTextAsync(folder[$"{stem}_labels.json"], TestContext.Current.CancellationToken))!.ToJsonString());
    }

    [Fact]
    public async Task A_DICOM_series_gives_the_same_files_and_a_segmentation_on_its_own_slices()
    {
        using var folder = new TempFolder();
        var image = NiftiFile.ReadImage(Image);
        var phantom = new DicomPhantom(image.Size.X, image.Size.Y, image.Size.Z) { Modality = "MR", Slope = 0.01, Intercept = 0, RowSpacing = 1, ColumnSpacing = 1, Step = [0, 0, 1] };
        for (var i = 0; i < phantom.Pixels.Length; i++)
            phantom.Pixels[i] = (short)(image.Voxels[i] * 100);
        phantom.WriteTo(folder["scan"]);

        var row = Assert.Single((await promoted.JsonAsync("segment", folder["scan"], "-o", folder["out"], "--dicom-seg")).AsArray())!;

        var mask = NiftiFile.ReadLabel(folder[$"out/{row["mask"]!.GetValue<string>()}"]);
        Assert.True(phantom.Grid.CornerDistance(mask.Grid) < 1e-5);
        Assert.Contains((ushort)1, mask.Voxels);
        var map = new LabelMap(Assert.Single(Assert.Single(SeriesFolder.Read(folder["scan"], allowDerived: false).Series()).Volumes));
        SegmentationReader.Read(DicomFile.Read(folder["out/scan_seg.dcm"]), new Dictionary<string, ushort> { ["ball"] = 1 }, map);
        Assert.Equal(mask.Voxels, map.Labels.Voxels);
    }

    [Fact]
    public async Task A_DICOM_folder_with_a_gap_or_with_several_series_is_not_guessed_at()
    {
        using var folder = new TempFolder();
        new DicomPhantom { Modality = "MR" }.WriteTo(folder["gap"]);
        File.Delete(folder[$"gap/{DicomPhantom.NameOf(2)}"]);
        new DicomPhantom(seed: 1) { Modality = "MR" }.WriteTo(folder["two/a"]);
        new DicomPhantom(seed: 2) { Modality = "MR" }.WriteTo(folder["two/b"]);

        var (gap, _, gapErrors) = await promoted.RunAsync("segment", folder["gap"], "-o", folder["out"]);
        var (two, _, twoErrors) = await promoted.RunAsync("segment", folder["two"], "-o", folder["out"]);
        var (nifti, _, niftiErrors) = await promoted.RunAsync("segment", Image, "-o", folder["out"], "--dicom-seg");

        Assert.Equal((1, 2, 2), (gap, two, nifti));
        Assert.Contains("1 slice(s) are missing", gapErrors, StringComparison.Ordinal);
        Assert.Contains("--series", twoErrors, StringComparison.Ordinal);
        Assert.Contains("needs a DICOM series", niftiErrors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task The_entropy_map_lies_on_the_images_grid_in_bits()
    {
        using var folder = new TempFolder();

        await promoted.JsonAsync("segment", Image, "-o", folder.Path, "--entropy");

        var entropy = NiftiFile.ReadImage(folder[$"{Path.GetFileName(Image).Replace(".nii.gz", "", StringComparison.Ordinal)}_entropy.nii.gz"]);
        Assert.Equal(NiftiFile.ReadImage(Image).Grid, entropy.Grid);
        Assert.All(entropy.Voxels, bits => Assert.InRange(bits, 0, 1));
        Assert.Contains(entropy.Voxels, bits => bits > 0);
    }

    [Theory]
    [InlineData(2, "--task no-such-task", "tiny1/ball")]
    [InlineData(2, "--modality CT", "MRI")]
    public async Task What_the_model_does_not_know_is_answered_by_what_it_knows(int expected, string option, string named)
    {
        using var folder = new TempFolder();

        var (code, _, errors) = await promoted.RunAsync(["segment", Image, "-o", folder["out"], .. option.Split(' ')]);

        Assert.Equal(expected, code);
        Assert.Contains(named, errors);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task Every_file_keeps_the_images_placement_to_the_bit()
    {
        using var folder = new TempFolder();
        var image = NiftiFile.ReadImage(Image);
        NiftiFile.Write(folder["scan.nii"], image);
        var bytes = await File.ReadAllBytesAsync(folder["scan.nii"], TestContext.Current.CancellationToken);
        bytes.AsSpan(252, 4).Clear(); // both codes: no orientation
        bytes[123] = 3; // micrometres
        foreach (var axis in new[] { 1, 2, 3 })
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(76 + 4 * axis), 1000);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(280), 123.4f); // an sform that its code rules out
        await File.WriteAllBytesAsync(folder["scan.nii"], bytes, TestContext.Current.CancellationToken);

        var (code, _, errors) = await promoted.RunAsync("segment", folder["scan.nii"], "-o", folder["out"]);

        Assert.True(code == 0, errors);
        Assert.Contains("neither an sform nor a qform", errors, StringComparison.Ordinal);
        var written = Directory.GetFiles(folder["out"], "*.nii.gz");
        Assert.Equal(2, written.Length);
        foreach (var file in written)
        {
            var header = Header(file);
            Assert.Equal(bytes[76..108], header[76..108]);
            Assert.Equal(bytes[123], header[123]);
            Assert.Equal(bytes[252..328], header[252..328]);
        }
    }

    [Fact]
    public async Task Padding_outside_of_a_round_field_of_view_hardly_changes_a_mask_and_is_warned_about()
    {
        using var folder = new TempFolder();
        var image = NiftiFile.ReadImage(Image);
        bool IsPadded(int i) => Math.Pow(i % 16 - 7.5, 2) + Math.Pow(i / 16 % 16 - 7.5, 2) > 64;
        NiftiFile.Write(folder["plain.nii"], image);
        NiftiFile.Write(folder["padded.nii"], new Volume<float>(image.Grid, [.. image.Voxels.Select((value, i) => IsPadded(i) ? -32768 : value)]));

        var (plain, _, _) = await promoted.RunAsync("segment", folder["plain.nii"], "-o", folder["out"]);
        var (padded, _, errors) = await promoted.RunAsync("segment", folder["padded.nii"], "-o", folder["out"]);

        Assert.Equal((0, 0), (plain, padded));
        Assert.Contains("padding", errors, StringComparison.Ordinal);
        var (a, b) = (NiftiFile.ReadLabel(folder["out/plain_labels.nii.gz"]).Voxels, NiftiFile.ReadLabel(folder["out/padded_labels.nii.gz"]).Voxels);
        var both = a.Zip(b).Count(pair => pair.First > 0 && pair.Second > 0);
        Assert.True(2.0 * both >= 0.9 * (a.Count(voxel => voxel > 0) + b.Count(voxel => voxel > 0)), $"{both} of {a.Count(voxel => voxel > 0)} and {b.Count(voxel => voxel > 0)} voxels");
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(0, "Every voxel of the image has the value 0")]
    [InlineData(1e30f, "beyond")]
    public async Task An_image_that_shows_nothing_is_refused_with_the_reason(float value, string reason)
    {
        using var folder = new TempFolder();
        var grid = NiftiFile.ReadImage(Image).Grid;
        NiftiFile.Write(folder["scan.nii"], new Volume<float>(grid, [.. Enumerable.Repeat(value, (int)grid.Size.Count)]));

        var (code, _, errors) = await promoted.RunAsync("segment", folder["scan.nii"], "-o", folder["out"]);

        Assert.Equal(1, code);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task Voxels_of_50_mm_are_refused_with_a_question_about_the_units()
    {
        using var folder = new TempFolder();
        var image = NiftiFile.ReadImage(Image);
        NiftiFile.Write(folder["scan.nii"], new Volume<float>(new Grid(image.Size, Affine.Scaling(50, 50, 50)), image.Voxels));

        var (code, _, errors) = await promoted.RunAsync("segment", folder["scan.nii"], "-o", folder["out"]);

        Assert.Equal(1, code);
        Assert.Contains("are the units right?", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_four_dimensions_the_first_channel_is_taken_and_an_unlike_image_is_warned_about()
    {
        using var folder = new TempFolder();
        var image = NiftiFile.ReadImage(Image);
        NiftiFile.Write(folder["one.nii"], new Volume<float>(new Grid(image.Size, Affine.Scaling(4, 4, 4)), image.Voxels));
        var bytes = await File.ReadAllBytesAsync(folder["one.nii"], TestContext.Current.CancellationToken);
        (bytes[40], bytes[48]) = (4, 2);
        await File.WriteAllBytesAsync(folder["scan.nii"], [.. bytes, .. bytes[352..]], TestContext.Current.CancellationToken);

        var (code, _, errors) = await promoted.RunAsync("segment", folder["scan.nii"], "-o", folder["out"]);

        Assert.True(code == 0, errors);
        Assert.Contains("2 channels; channel 0 was taken", errors, StringComparison.Ordinal);
        Assert.Contains("voxels of 4 × 4 × 4 mm (finest axis first), unlike all MRI images that the model learnt from: 1 × 1 × 1 mm", errors, StringComparison.Ordinal);
        Assert.Equal(image.Size, NiftiFile.ReadHeader(folder["out/scan_labels.nii.gz"]).Grid.Size);
    }

    private static byte[] Header(string file)
    {
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        var header = new byte[352];
        gzip.ReadExactly(header);
        return header;
    }

    [Fact]
    public async Task A_file_that_is_no_image_is_named_and_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["scan.nii"], "not an image", TestContext.Current.CancellationToken);

        var (code, _, errors) = await promoted.RunAsync("segment", folder["scan.nii"], "-o", folder["out"]);

        Assert.Equal(1, code);
        Assert.Contains("scan.nii", errors);
        Assert.False(Directory.Exists(folder["out"]));
    }
}
