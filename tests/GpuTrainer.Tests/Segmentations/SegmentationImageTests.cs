using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Recipes;
using VerSemi.GpuTrainer.Segmentations;
using VerSemi.Imaging;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.GpuTrainer.Tests.Segmentations;

/// <summary>What is segmented, what with a warning, and what not at all.</summary>
public sealed class SegmentationImageTests : IDisposable
{
    private static readonly Grid Grid = new(new Size3(20, 20, 20), Affine.Scaling(1, 1, 1));
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plain_image_is_taken_without_a_word()
    {
        Assert.Empty(Read(Ct, 0).Warnings);
        Assert.Empty(Read(Ct, 0, learnt: false).Warnings);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(7, "Every voxel of the image has the value 7")]
    [InlineData(3e38f, "beyond")]
    public void An_image_that_shows_nothing_is_refused(float value, string reason) => Refused(_ => value, reason);

    [Fact]
    public void Ct_that_lies_outside_of_the_models_window_is_refused_with_both() => Refused(i => 40_000 + i % 100, "-900 to 1100"); // clipped, it would be one grey value

    [Fact]
    public void Padding_is_warned_about()
    {
        var read = Read(i => i < 2000 ? -3024 : Ct(i), 0);
        Assert.Contains("taken for padding", Assert.Single(read.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_another_kind_is_warned_about() =>
        Assert.Contains("Is it CT?", Assert.Single(Read(i => i % 700, 0).Warnings), StringComparison.Ordinal);

    [Fact]
    public void Implausible_voxel_sizes_are_refused()
    {
        NiftiFile.Write(_folder["a.nii"], new Volume<float>(Grid with { Affine = Affine.Scaling(50, 50, 50) }, Values(Ct)));
        Assert.Contains("1 × 1 × 1 m", Assert.Throws<InvalidImageException>(() => SegmentationImage.Read(_folder["a.nii"], null, Model(true), "CT")).Reason, StringComparison.Ordinal);
    }

    private static float Ct(int i) => i % 3 == 0 ? -1000 + i % 20 : i * 7 % 1000 - 100;

    private static float[] Values(Func<int, float> of) => [.. Enumerable.Range(0, (int)Grid.Size.Count).Select(of)];

    private void Refused(Func<int, float> voxels, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidImageException>(() => Read(voxels, 0)).Reason, StringComparison.Ordinal);

    private SegmentationImage Read(Func<int, float> voxels, int? channel, bool learnt = true)
    {
        NiftiFile.Write(_folder["a.nii"], new Volume<float>(Grid, Values(voxels)));
        return SegmentationImage.Read(_folder["a.nii"], channel, Model(learnt), "CT");
    }

    private static ModelManifest Model(bool learnt) => new()
    {
        LabelSpace = LabelSpace.Empty,
        LabelSpaceHash = LabelSpace.Empty.Hash,
        Recipe = SmallStore.Recipe,
        Preprocessing = [new ModalityPreprocessing("CT", [1, 1, 1], IntensityRule.Window, -900, 1100, 0, 300)],
        Lineage = new ModelLineage("run", 1, null, [], 1),
        LearntFrom = !learnt ? [] : LearntImages.Of([new DatasetManifest
        {
            Name = "d",
            Modality = "CT",
            Labels = [],
            Splits = new SplitRule(null, null, new Dictionary<string, Split>()),
            Cases = [new CaseEntry("a", "a", Split.Training, "i", "l", [22, 20, 20], [1, 1, 1], new ImageIntensities(-1000, 100, 900))],
        }]),
        Weights = "",
    };
}
