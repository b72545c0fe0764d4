using System.Text.Json;
using VerSemi.Imaging.Nifti;

namespace VerSemi.Imaging.Phantoms;

/// <summary>
/// Four synthetic datasets as MSD folders: in every volume the same anatomy, in each dataset another modality look,
/// spacing and orientation, and one annotated structure. Few labelled cases, many unlabelled. Seeded.
/// </summary>
public static class PhantomWriter
{
    /// <summary>Labelled cases of imagesTr: eight train, two validate, four are sealed by the rule of splits.</summary>
    public const int Labelled = 14;

    /// <summary>Cases of imagesTs that labelsTs seals.</summary>
    public const int Sealed = 8;

    /// <summary>Cases of imagesTs without a label.</summary>
    public const int Unlabelled = 24;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the demo's four folders below <paramref name="folder"/> and returns their paths in order.</summary>
    public static IReadOnlyList<string> Write(string folder, int seed = 1) => Write(folder, PhantomDataset.All, seed);

    /// <summary>Writes a folder for each dataset below <paramref name="folder"/> and returns their paths in order.</summary>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<PhantomDataset> datasets, int seed = 1) =>
        datasets.Select((dataset, index) => Write(Path.Combine(folder, dataset.Name), dataset, unchecked(seed * 1_000_003 + index * 10_007))).ToList();

    private static string Write(string folder, PhantomDataset dataset, int seed)
    {
        foreach (var part in (string[])["imagesTr", "labelsTr", "imagesTs", "labelsTs"])
            Directory.CreateDirectory(Path.Combine(folder, part));
        var files = Enumerable.Range(1, Labelled + Sealed + Unlabelled)
            .Select(number => $"{dataset.Name.ToLowerInvariant()}_{number:000}.nii.gz").ToList();
        Parallel.For(0, files.Count, number => WriteCase(folder, files[number], number, PhantomScan.Take(dataset, new Random(unchecked(seed + number)))));
        // Last, since a drop is whole when all that its dataset.json lists is there.
        File.WriteAllText(Path.Combine(folder, "dataset.json"), JsonSerializer.Serialize(Describe(dataset, files), Indented));
        return folder;
    }

    private static void WriteCase(string folder, string file, int number, PhantomScan scan)
    {
        var part = number < Labelled ? "Tr" : "Ts";
        NiftiFile.Write(Path.Combine(folder, $"images{part}", file), scan.Image);
        if (number < Labelled + Sealed)
            NiftiFile.Write(Path.Combine(folder, $"labels{part}", file), scan.Label);
    }

    /// <summary>The dialect of the Medical Segmentation Decathlon (http://medicaldecathlon.com).</summary>
    private static Dictionary<string, object> Describe(PhantomDataset dataset, List<string> files)
    {
        var structure = dataset.Structure.ToString().ToLowerInvariant();
        return new()
        {
            ["name"] = dataset.Name,
            ["description"] = $"Synthetic volumes: every structure in each of them, {structure} annotated.",
            ["reference"] = "VerSemi",
            ["licence"] = "CC0",
            ["tensorImageSize"] = "3D",
            ["modality"] = new Dictionary<string, string> { ["0"] = dataset.Look.Modality },
            ["labels"] = new Dictionary<string, string> { ["0"] = "background", ["1"] = structure },
            ["numTraining"] = Labelled,
            ["numTest"] = files.Count - Labelled,
            ["training"] = files.Take(Labelled).Select(file => new { image = $"./imagesTr/{file}", label = $"./labelsTr/{file}" }),
            ["test"] = files.Skip(Labelled).Select(file => $"./imagesTs/{file}"),
            ["versemi"] = new { holdOutTest = true }, // four cases of labelsTs alone are few to judge by
        };
    }
}
