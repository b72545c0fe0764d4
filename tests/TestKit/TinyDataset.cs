using System.Text.Json;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;

namespace VerSemi.TestKit;

/// <summary>An MSD folder of 16³ images, each with one bright ball that its label marks: trained on in seconds.</summary>
public static class TinyDataset
{
    private const int Side = 16;

    /// <param name="folder">Made; its name is the dataset's, unless <paramref name="dataset"/> says another, and its files'.</param>
    /// <param name="seed">Another seed is other images.</param>
    /// <param name="labelled">10 or more are needed for a sealed test set.</param>
    public static string Write(string folder, string label = "ball", int seed = 1, int labelled = 10, int unlabelled = 2, string? dataset = null)
    {
        var name = Path.GetFileName(folder);
        foreach (var part in new[] { "imagesTr", "labelsTr", "imagesTs" })
            Directory.CreateDirectory(Path.Combine(folder, part));
        for (var i = 0; i < labelled + unlabelled; i++)
            WriteCase(folder, FileOf(name, i), new Random(1000 * seed + i), withLabel: i < labelled);
        File.WriteAllText(Path.Combine(folder, "dataset.json"), JsonSerializer.Serialize(new
        {
            name = dataset ?? name,
            modality = new Dictionary<string, string> { ["0"] = "MRI" },
            labels = new Dictionary<string, string> { ["0"] = "background", ["1"] = label },
            numTraining = labelled,
            training = Enumerable.Range(0, labelled).Select(i => new { image = $"./imagesTr/{FileOf(name, i)}", label = $"./labelsTr/{FileOf(name, i)}" }),
            test = Enumerable.Range(labelled, unlabelled).Select(i => $"./imagesTs/{FileOf(name, i)}"),
        }));
        return folder;
    }

    private static string FileOf(string name, int i) => $"{name}_{i:000}.nii.gz";

    private static void WriteCase(string folder, string file, Random random, bool withLabel)
    {
        var grid = new Grid(new Size3(Side, Side, Side), Affine.Scaling(1, 1, 1));
        var centre = (X: random.Next(6, 10), Y: random.Next(6, 10), Z: random.Next(6, 10));
        var label = new ushort[grid.Size.Count];
        var image = new float[grid.Size.Count];
        for (var i = 0; i < label.Length; i++)
        {
            var (x, y, z) = (i % Side - centre.X, i / Side % Side - centre.Y, i / (Side * Side) - centre.Z);
            label[i] = x * x + y * y + z * z < 16 ? (ushort)1 : (ushort)0;
            image[i] = 100 * label[i] + (float)(10 * random.NextDouble());
        }
        NiftiFile.Write(Path.Combine(folder, withLabel ? "imagesTr" : "imagesTs", file), new Volume<float>(grid, image));
        if (withLabel)
            NiftiFile.Write(Path.Combine(folder, "labelsTr", file), new Volume<ushort>(grid, label));
    }
}
