using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.GpuTrainer.Tests;

/// <summary>A blob store with one committed dataset: small volumes with two bright balls, of which each is a task.</summary>
public sealed class SmallStore : IDisposable
{
    private readonly TempFolder _folder = new();

    public SmallStore(int training = 4, int validation = 2, int test = 2, int unlabelled = 2, int side = 20)
    {
        Blobs = new FolderBlobStore(_folder.Path);
        var splits = Enumerable.Repeat<Split?>(Split.Training, training).Concat(Enumerable.Repeat<Split?>(Split.Validation, validation))
            .Concat(Enumerable.Repeat<Split?>(Split.Test, test)).Concat(Enumerable.Repeat<Split?>(null, unlabelled)).ToList();
        Manifest = new DatasetManifest
        {
            Name = "balls",
            Modality = "MRI",
            Labels = [new LabelDeclaration(1, "balls/left", "left"), new LabelDeclaration(2, "balls/right", "right")],
            Splits = new SplitRule(null, null, new Dictionary<string, Split>()),
            Cases = [.. splits.Select((split, i) => MakeCase(i, split, side))],
        };
        Blobs.WriteJsonAsync(BlobLayout.DatasetManifest("balls", Manifest.Version), Manifest, DomainJson.Readable).GetAwaiter().GetResult();
    }

    private SmallStore(SmallStore other)
    {
        foreach (var file in Directory.EnumerateFiles(other._folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(other.Scratch, StringComparison.Ordinal)))
        {
            var copy = _folder[Path.GetRelativePath(other._folder.Path, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        Blobs = new FolderBlobStore(_folder.Path);
        Manifest = other.Manifest;
    }

    public FolderBlobStore Blobs { get; }
    public DatasetManifest Manifest { get; }
    public string Scratch => _folder["scratch"];

    /// <summary>Seconds of work: width 4, patches of 16³.</summary>
    public static TrainingRecipe Recipe { get; } = QuickRecipe.Of(steps: 4) with { Name = "tiny", ValidateEvery = 3, Overlap = 0.5, LearningRateDecayPower = 0.9, GradientClip = 5, ChooseFromCases = 1 };

    public RunSpecification Run(TrainingRecipe? recipe = null, string run = "run", int seed = 1) => new()
    {
        Run = run,
        Line = "main",
        LabelSpace = LabelSpace.Empty.Grow(Manifest.Labels.Select(label => (label.TaskId, label.Name, Manifest.Modality))),
        Datasets = [new DatasetVersion(Manifest.Name, Manifest.Version)],
        Recipe = recipe ?? Recipe,
        Seed = seed,
    };

    /// <summary>With all that was trained in it, and an empty scratch folder.</summary>
    public SmallStore Copy() => new(this);

    public void Dispose() => _folder.Dispose();

    private CaseEntry MakeCase(int index, Split? split, int side)
    {
        var grid = new Grid(new Size3(side, side, side), Affine.Scaling(1, 1, 1));
        var (image, label) = (new float[grid.Size.Count], new ushort[grid.Size.Count]);
        for (var i = 0; i < image.Length; i++)
        {
            var (x, y, z) = (i % side, i / side % side, i / side / side);
            label[i] = Inside(x - 5, y - 8 - index % 3, z - 9) ? (ushort)1 : Inside(x - 14, y - 9, z - 8 - index % 4) ? (ushort)2 : (ushort)0;
            image[i] = (label[i] == 0 ? 0 : 100 + 50 * label[i]) + (i * 7919 + index * 31) % 13;
        }
        return new CaseEntry($"case{index:00}", $"case{index:00}", split, Store(path => NiftiFile.Write(path, new Volume<float>(grid, image))),
            split is null ? null : Store(path => NiftiFile.Write(path, new Volume<ushort>(grid, label))), [side, side, side], [1, 1, 1]);
    }

    private static bool Inside(int x, int y, int z) => x * x + y * y + z * z <= 10;

    private string Store(Action<string> write)
    {
        var path = _folder["fresh.nii.gz"];
        write(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        using var content = File.OpenRead(path);
        Blobs.WriteAsync(BlobLayout.Voxels("balls", hash), content).GetAwaiter().GetResult();
        return hash;
    }
}
