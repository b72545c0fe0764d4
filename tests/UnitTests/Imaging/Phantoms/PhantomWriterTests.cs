using System.Text.Json;
using VerSemi.Domain.Catalogue;
using VerSemi.Imaging.Nifti;
using VerSemi.Imaging.Phantoms;

namespace VerSemi.UnitTests.Imaging.Phantoms;

public sealed class PhantomWriterTests : IClassFixture<PhantomWriterTests.Written>
{
    private readonly Written _written;

    public PhantomWriterTests(Written written) => _written = written;

    /// <summary>The folders are written once for all tests.</summary>
    public sealed class Written : IDisposable
    {
        public Written() => Folders = PhantomWriter.Write(Folder);

        public string Folder { get; } = Directory.CreateTempSubdirectory("phantoms").FullName;
        public IReadOnlyList<string> Folders { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    [Fact]
    public void Four_datasets_of_unequal_structure_modality_spacing_and_orientation()
    {
        Assert.Equal(4, _written.Folders.Select(Path.GetFileName).Distinct().Count());
        Assert.Equal(4, PhantomDataset.All.Select(d => d.Structure).Distinct().Count());
        Assert.Equal(4, _written.Folders.Select(folder => Json(folder).GetProperty("modality").GetProperty("0").GetString()).Distinct().Count());
        var affines = _written.Folders.Select(folder => NiftiFile.ReadHeader(Directory.GetFiles(Path.Combine(folder, "imagesTr")).Order().First()).Grid).ToList();
        Assert.Equal(4, affines.Select(grid => grid.Spacing).Distinct().Count());
        Assert.Equal(4, affines.Select(grid => (Math.Sign(Math.Round(grid.Affine.M00)), Math.Sign(Math.Round(grid.Affine.M01)), Math.Sign(Math.Round(grid.Affine.M02)))).Distinct().Count());
    }

    [Fact]
    public void All_that_dataset_json_lists_is_there_and_all_that_is_there_is_listed()
    {
        foreach (var folder in _written.Folders)
        {
            var json = Json(folder);
            var listed = json.GetProperty("training").EnumerateArray()
                .SelectMany(pair => new[] { pair.GetProperty("image").GetString()!, pair.GetProperty("label").GetString()! })
                .Concat(json.GetProperty("test").EnumerateArray().Select(image => image.GetString()!))
                .Select(path => path[2..]);
            var there = Directory.GetFiles(folder, "*.nii.gz", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path)).Where(path => !path.StartsWith("labelsTs", StringComparison.Ordinal));
            Assert.Equal(there.Order(), listed.Order());
        }
    }

    [Fact]
    public void Every_dataset_seals_at_least_eight_validates_and_has_three_times_as_many_unlabelled_as_trainers()
    {
        foreach (var folder in _written.Folders)
        {
            var rule = SplitAssignment.Assign(null, Patients(folder, "labelsTr"), Patients(folder, "labelsTs"), holdOutTest: true);
            var splits = rule.Patients.Values.ToLookup(split => split);

            Assert.True(splits[Split.Test].Count() >= 8);
            Assert.True(splits[Split.Validation].Count() >= 2);
            Assert.True(Patients(folder, "imagesTs").Except(rule.Patients.Keys).Count() >= 3 * splits[Split.Training].Count());
        }
    }

    [Fact]
    public void Every_label_lies_on_its_images_grid_and_holds_its_structure()
    {
        foreach (var folder in _written.Folders)
            foreach (var name in Directory.GetFiles(Path.Combine(folder, "labelsTr")).Take(3).Select(Path.GetFileName))
            {
                var label = NiftiFile.ReadLabel(Path.Combine(folder, "labelsTr", name!));
                Assert.Equal(NiftiFile.ReadHeader(Path.Combine(folder, "imagesTr", name!)).Grid.Size, label.Size);
                Assert.InRange(label.Voxels.Count(value => value == 1), 60, label.Voxels.Length / 4);
            }
    }

    [Fact]
    public void Every_patient_has_every_tissue_in_every_look()
    {
        foreach (var dataset in PhantomDataset.All)
            foreach (var structure in PhantomDataset.All.Select(other => other.Structure))
                for (var seed = 0; seed < 3; seed++)
                    Assert.True(PhantomScan.Take(dataset with { Structure = structure }, new Random(seed)).Label.Voxels.Count(value => value == 1) > 60, $"{structure} in {dataset.Name}");
    }

    [Fact]
    public void The_heads_targets_are_all_in_every_image_and_of_very_different_size()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var shares = PhantomDataset.Sizes.Select(dataset => PhantomScan.Take(PhantomDataset.Sizes[0] with { Structure = dataset.Structure }, new Random(seed)).Label.Voxels.Average(value => value)).ToList();
            Assert.InRange(shares[0], 0.02, 0.06);
            Assert.InRange(shares[1], 0.003, 0.01);
            Assert.InRange(shares[2], 0.001, 0.004);
            Assert.InRange(shares[3], 0.0003, 0.001);
        }
    }

    [Fact]
    public void The_heads_datasets_look_alike_and_annotate_one_target_each()
    {
        Assert.Equal(4, PhantomDataset.Sizes.Select(dataset => dataset.Structure).Distinct().Count());
        Assert.Single(PhantomDataset.Sizes.Select(dataset => (dataset.Look, dataset.Spacing)).Distinct());
    }

    [Fact]
    public void No_threshold_finds_the_structure()
    {
        foreach (var dataset in PhantomDataset.All.Concat(PhantomDataset.Sizes))
            Assert.True(BestThresholdDice(PhantomScan.Take(dataset, new Random(3))) < 0.65, dataset.Name);
    }

    [Fact]
    public void The_same_seed_gives_the_same_files_and_another_seed_others()
    {
        var dataset = PhantomDataset.All[0];

        Assert.Equal(PhantomScan.Take(dataset, new Random(5)).Image.Voxels, PhantomScan.Take(dataset, new Random(5)).Image.Voxels);
        Assert.NotEqual(PhantomScan.Take(dataset, new Random(5)).Image.Voxels, PhantomScan.Take(dataset, new Random(6)).Image.Voxels);
        var images = Directory.GetFiles(Path.Combine(_written.Folders[0], "imagesTs")).Select(File.ReadAllBytes).Select(VerSemi.Domain.ContentHash.Of).ToList();
        Assert.Equal(images.Count, images.Distinct().Count());
    }

    /// <summary>The best Dice of any window of intensities between 40 levels.</summary>
    private static double BestThresholdDice(PhantomScan scan)
    {
        var (low, high) = (scan.Image.Voxels.Min(), scan.Image.Voxels.Max());
        var (inside, all) = (new int[41], new int[41]);
        for (var i = 0; i < scan.Image.Voxels.Length; i++)
        {
            var level = (int)(40 * (scan.Image.Voxels[i] - low) / (high - low));
            all[level]++;
            inside[level] += scan.Label.Voxels[i];
        }
        return (from a in Enumerable.Range(0, 41)
                from b in Enumerable.Range(a, 41 - a)
                select 2.0 * inside[a..(b + 1)].Sum() / (inside.Sum() + all[a..(b + 1)].Sum())).Max();
    }

    private static List<string> Patients(string folder, string part) =>
        Directory.GetFiles(Path.Combine(folder, part)).Select(path => Path.GetFileName(path)).ToList();

    private static JsonElement Json(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "dataset.json"))).RootElement;
}
