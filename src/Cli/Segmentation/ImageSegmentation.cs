using System.Globalization;
using System.Text.Json;
using VerSemi.Cli.Output;
using VerSemi.Domain;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Segmentations;
using VerSemi.GpuTrainer.Evaluation;
using VerSemi.GpuTrainer.Segmentations;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;

namespace VerSemi.Cli.Segmentation;

/// <param name="Channel">Of a 4-D image.</param>
/// <param name="Folder">Where the results go.</param>
/// <param name="Entropy">The entropy map, too.</param>
internal sealed record SegmentRequest(string Image, int? Channel, string Modality, string Folder, bool Probabilities, bool Entropy);

/// <summary>A row of the label table.</summary>
/// <param name="Value">The task's value in the combined label map.</param>
/// <param name="Voxels">Of the task's own mask; masks of two tasks may overlap, the map's values do not.</param>
/// <param name="Confidence">As in <see cref="SegmentationLabel"/>.</param>
/// <param name="Mask">The mask's file name.</param>
internal sealed record LabelRow(int Value, string Task, string Name, long Voxels, double Millilitres, double? Confidence, string Mask);

/// <param name="Model">line/version.</param>
/// <param name="Warnings">What is unusual about the image.</param>
internal sealed record SegmentedImage(string Model, IReadOnlyList<LabelRow> Rows, IReadOnlyList<string> Warnings);

/// <summary>One image through a model: a mask per task, the combined label map and its table, all on the image's own grid, placed as its header places it.</summary>
internal static class ImageSegmentation
{
    public static SegmentedImage Run(Segmenter segmenter, string model, SegmentRequest request, IReadOnlyList<SegmentationTask> tasks, IProgressView view, CancellationToken cancellation)
    {
        view.Show("Reading", Path.GetFileName(request.Image));
        var image = SegmentationImage.Read(request.Image, request.Channel, segmenter.Model, request.Modality);
        var rows = MakeAsideAsync(request.Folder, aside => Task.FromResult(Write(segmenter, image, request, tasks, aside, view, cancellation))).GetAwaiter().GetResult();
        return new SegmentedImage(model, rows, image.Warnings);
    }

    /// <summary>Made aside, then moved: an interrupted command leaves no half of a file behind.</summary>
    public static async Task<T> MakeAsideAsync<T>(string folder, Func<string, Task<T>> make)
    {
        var aside = Path.Combine(folder, $".versemi-{Guid.NewGuid():N}");
        Directory.CreateDirectory(aside);
        try
        {
            var made = await make(aside);
            foreach (var file in Directory.EnumerateFiles(aside))
                File.Move(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
            return made;
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    private static List<LabelRow> Write(
        Segmenter segmenter, SegmentationImage image, SegmentRequest request, IReadOnlyList<SegmentationTask> tasks, string folder, IProgressView view, CancellationToken cancellation)
    {
        var (stem, grid, placement) = (StemOf(request.Image), image.Volume.Grid, image.Placement);
        var (map, entropy) = (new CombinedLabelMap(grid), request.Entropy ? new EntropyMap(grid) : null);
        var rows = new List<LabelRow>();
        view.Show("Segmenting", $"{tasks.Count} tasks");
        foreach (var result in segmenter.Segment(image.Volume, request.Modality, tasks, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var mask = Array.ConvertAll(result.Mask(), inside => (ushort)inside);
            var file = $"{stem}_{FileNameOf(result.Task.Id)}.nii.gz";
            NiftiFile.Write(Path.Combine(folder, file), new Volume<ushort>(grid, mask), LabelTable.ForResearch, placement);
            if (request.Probabilities)
                NiftiFile.Write(Path.Combine(folder, $"{stem}_{FileNameOf(result.Task.Id)}_probability.nii.gz"), result.Calibrated, placement);
            map.Add(result);
            entropy?.Add(result);
            rows.Add(RowOf(CombinedLabelMap.ValueOf(result.Task), result.Task.Id, result.Task.Name, mask.LongCount(inside => inside != 0), Math.Round(result.Confidence, 3), grid, file));
            view.Show("Segmenting", result.Task.Id, (double)rows.Count / tasks.Count);
        }
        NiftiFile.Write(Path.Combine(folder, $"{stem}_labels.nii.gz"), map.Labels, LabelTable.ForResearch, placement);
        if (entropy is not null)
            NiftiFile.Write(Path.Combine(folder, EntropyOf(stem)), entropy.Bits, placement);
        WriteTable(Path.Combine(folder, $"{stem}_labels"), rows);
        return rows;
    }

    public static string EntropyOf(string stem) => $"{stem}_entropy.nii.gz";

    public static LabelRow RowOf(int value, string task, string name, long voxels, double? confidence, Grid grid, string file)
    {
        var (x, y, z) = grid.Spacing;
        return new LabelRow(value, task, name, voxels, Math.Round(voxels * x * y * z / 1000, 3), confidence, file);
    }

    public static void WriteTable(string path, IReadOnlyList<LabelRow> rows)
    {
        File.WriteAllText($"{path}.json", JsonSerializer.Serialize(rows, DomainJson.Readable));
        var lines = rows.Select(r => string.Join('\t', r.Value, r.Task, r.Name, r.Voxels, r.Millilitres.ToString(CultureInfo.InvariantCulture), r.Confidence?.ToString(CultureInfo.InvariantCulture), r.Mask));
        File.WriteAllLines($"{path}.tsv", lines.Prepend("value\ttask\tname\tvoxels\tmillilitres\tconfidence\tmask"));
    }

    /// <summary>A model that came from elsewhere may name its tasks as it likes.</summary>
    public static PathSegment FileNameOf(string task) => PathSegment.Of("a mask", task.Replace('/', '.'));

    public static string StemOf(string image)
    {
        var name = Path.GetFileName(image);
        var end = name.IndexOf(".nii", StringComparison.OrdinalIgnoreCase);
        return end > 0 ? name[..end] : name;
    }
}
