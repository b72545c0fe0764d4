using System.Globalization;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.Imaging;
using VerSemi.Imaging.Checks;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;

namespace VerSemi.GpuTrainer.Segmentations;

/// <summary>An image file that passed the checks that images to learn from pass, for one model.</summary>
/// <param name="Placement">Of the file; what is written on the image's grid keeps it.</param>
/// <param name="Warnings">What is unusual about it, in itself or beside what the model learnt from; whole sentences.</param>
public sealed record SegmentationImage(Volume<float> Volume, Placement Placement, IReadOnlyList<string> Warnings)
{
    /// <param name="channel">Of a 4-D file; null: the first, with a warning.</param>
    /// <param name="modality">One that the model knows.</param>
    /// <exception cref="InvalidImageException">The file cannot be read, or is hardly an image of a body.</exception>
    public static SegmentationImage Read(string path, int? channel, ModelManifest model, string modality)
    {
        var header = NiftiFile.ReadHeader(path);
        Refuse(path, header.Findings);
        var rule = model.Preprocessing.FirstOrDefault(rule => rule.Modality == modality);
        var volume = NiftiFile.ReadImage(path, channel ?? (header.Channels > 1 ? 0 : null));
        var check = ImageCheck.Of(volume.Voxels, hounsfield: rule?.Rule == IntensityRule.Window);
        Refuse(path, check.Findings);
        if (rule is not null && check.Intensities is { } found)
            RefuseOutsideOfWindow(path, found, rule);
        var warnings = header.Findings.Concat(check.Findings).Select(finding => finding.Text).ToList();
        if (channel is null && header.Channels > 1)
            warnings.Insert(0, $"The image has {header.Channels} channels; channel 0 was taken. Name another one as the channel.");
        return new SegmentationImage(volume, header.Placement, [.. warnings, .. Differences(header.Grid, check.Intensities, model, modality, rule)]);
    }

    private static void Refuse(string path, IEnumerable<Finding> findings)
    {
        if (findings.FirstOrDefault(finding => finding.Severity != Severity.Note) is { } finding)
            throw new InvalidImageException(path, finding.Text);
    }

    /// <summary>Clipped to the window, such an image is one grey value.</summary>
    private static void RefuseOutsideOfWindow(string path, ImageIntensities found, ModalityPreprocessing rule)
    {
        if (rule.Rule == IntensityRule.Window && (found.High <= rule.Low || found.Low >= rule.High))
            throw new InvalidImageException(path, string.Create(CultureInfo.InvariantCulture,
                $"The image's values ({found.Low:G4} to {found.High:G4}) lie outside of the window that the model sees of {rule.Modality}, {rule.Low:G4} to {rule.High:G4}. Is it {rule.Modality}, in its usual unit?"));
    }

    private static IEnumerable<string> Differences(Grid grid, ImageIntensities? intensities, ModelManifest model, string modality, ModalityPreprocessing? rule)
    {
        var ((x, y, z), size) = (grid.Spacing, grid.Size);
        var look = ImageLook.Of([size.X, size.Y, size.Z], [x, y, z], intensities);
        return model.LearntFrom.Where(images => images.Modality == modality).SelectMany(images => images.Differences(look, rule?.Rule ?? IntensityRule.None));
    }
}
