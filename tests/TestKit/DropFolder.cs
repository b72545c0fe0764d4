using System.Text.Json;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;

namespace VerSemi.TestKit;

/// <summary>Writes drops of 6×5×4 voxels, file by file, so that a test can spoil any of them.</summary>
public sealed class DropFolder
{
    public static readonly Grid Grid = new(new Size3(6, 5, 4), Affine.Scaling(1, 1.5, 2));

    public DropFolder(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
    }

    public string Path { get; }

    public string this[string file]
    {
        get
        {
            var full = System.IO.Path.Combine(Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
            return full;
        }
    }

    /// <summary>Random values from 0 to 100, another image for another seed.</summary>
    public DropFolder Image(string file, int seed)
    {
        var random = new Random(seed);
        NiftiFile.Write(this[file], new Volume<float>(Grid, [.. Enumerable.Range(0, (int)Grid.Size.Count).Select(_ => (float)random.Next(0, 100_000) / 1000)]));
        return this;
    }

    /// <summary>Holds every one of the values.</summary>
    public DropFolder Label(string file, int seed, params int[] values)
    {
        var voxels = new ushort[Grid.Size.Count];
        for (var i = 0; i < values.Length; i++)
            voxels[(seed * 7 + i * 11) % voxels.Length] = (ushort)values[i];
        NiftiFile.Write(this[file], new Volume<ushort>(Grid, voxels));
        return this;
    }

    public DropFolder Json(object content)
    {
        File.WriteAllText(this["dataset.json"], content as string ?? JsonSerializer.Serialize(content));
        return this;
    }

    /// <summary>An MSD folder: cases c00, c01, … labelled, then unlabelled ones in imagesTs. Case i holds image number first + i.</summary>
    public static DropFolder Msd(string path, string? name = "Toy", int labelled = 3, int unlabelled = 1, int first = 0, string[]? labels = null, object? versemi = null)
    {
        var drop = new DropFolder(path);
        labels ??= ["Liver"];
        for (var i = first; i < first + labelled; i++)
            drop.Image($"imagesTr/c{i:00}.nii.gz", i).Label($"labelsTr/c{i:00}.nii.gz", i, [.. Enumerable.Range(1, labels.Length)]);
        for (var i = first + labelled; i < first + labelled + unlabelled; i++)
            drop.Image($"imagesTs/c{i:00}.nii.gz", i);
        return drop.Json(new
        {
            name,
            licence = "CC0",
            modality = new Dictionary<string, string> { ["0"] = "MRI" },
            labels = labels.Select((label, i) => (label, i)).Append((label: "background", i: -1)).ToDictionary(l => $"{l.i + 1}", l => l.label),
            training = Enumerable.Range(first, labelled).Select(i => new { image = $"./imagesTr/c{i:00}.nii.gz", label = $"./labelsTr/c{i:00}.nii.gz" }),
            test = Enumerable.Range(first + labelled, unlabelled).Select(i => $"./imagesTs/c{i:00}.nii.gz"),
            versemi = versemi ?? new { },
        });
    }

    /// <summary>An nnU-Net v2 folder without a list of files; one file a channel.</summary>
    public static DropFolder NnUNet(string path, string[] channels, int labelled = 3)
    {
        var drop = new DropFolder(path);
        for (var i = 0; i < labelled; i++)
        {
            for (var channel = 0; channel < channels.Length; channel++)
                drop.Image($"imagesTr/n{i:00}_{channel:0000}.nii.gz", 100 * (channel + 1) + i);
            drop.Label($"labelsTr/n{i:00}.nii.gz", i, 1, 2);
        }
        return drop.Json(new
        {
            channel_names = channels.Select((name, i) => (name, i)).ToDictionary(c => $"{c.i}", c => c.name),
            labels = new Dictionary<string, int> { ["background"] = 0, ["Left Kidney"] = 1, ["tumour"] = 2 },
            numTraining = labelled,
            file_ending = ".nii.gz",
        });
    }
}
