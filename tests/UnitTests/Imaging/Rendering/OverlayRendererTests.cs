using SkiaSharp;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Phantoms;
using VerSemi.Imaging.Rendering;

namespace VerSemi.UnitTests.Imaging.Rendering;

public sealed class OverlayRendererTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("overlay").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Three_planes_by_three_panels_with_tints_where_the_masks_are()
    {
        var path = Path.Combine(_folder, "overlay.png");
        var (image, truth) = Box(Affine.Scaling(1, 1, 2));

        OverlayRenderer.Write(path, image, truth, new byte[truth.Length], "spleen 0.91");

        using var picture = SKBitmap.Decode(path);
        Assert.True(picture.Width > 700 && picture.Height > 500, $"{picture.Width}×{picture.Height}");
        Assert.True(Greens(picture, 0, picture.Width / 3) == 0, "The image's panel shows no mask.");
        Assert.True(Greens(picture, picture.Width / 3, 2 * picture.Width / 3) > 1000, "The truth's panel is tinted.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void The_patients_right_is_at_the_left_whichever_way_the_file_runs(int sign)
    {
        var path = Path.Combine(_folder, "overlay.png");
        var (image, truth) = Box(new Affine(sign, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0));

        OverlayRenderer.Write(path, image, truth, null, "");

        // The box lies at small x: at the patient's left where x runs to the right, so at the picture's right.
        using var picture = SKBitmap.Decode(path);
        var middle = 260 + 2 * 6 + 130;
        var (left, right) = (Greens(picture, 272, middle, 60, 300), Greens(picture, middle, 532, 60, 300));
        Assert.True(sign > 0 ? right > 2 * left : left > 2 * right, $"left {left}, right {right}");
    }

    [Fact]
    public void Empty_masks_and_an_image_of_one_value_still_make_a_picture()
    {
        var path = Path.Combine(_folder, "overlay.png");
        var grid = new Grid(new Size3(5, 6, 1), Affine.Scaling(1, 1, 1));

        OverlayRenderer.Write(path, new Volume<float>(grid, new float[30]), new byte[30], null, "nothing");

        Assert.NotNull(SKBitmap.Decode(path));
    }

    [Fact]
    public void A_mask_of_another_grid_is_refused() => Assert.Throws<ArgumentException>(() =>
        OverlayRenderer.Write(Path.Combine(_folder, "x.png"), Box(Affine.Scaling(1, 1, 1)).Image, new byte[3], null, ""));

    [Fact]
    public void A_phantom_of_each_look_is_drawn()
    {
        foreach (var dataset in PhantomDataset.All)
        {
            var scan = PhantomScan.Take(dataset, new Random(7));
            var mask = Array.ConvertAll(scan.Label.Voxels, value => (byte)value);
            OverlayRenderer.Write(Path.Combine(_folder, $"{dataset.Name}.png"), scan.Image, mask, mask, $"{dataset.Name} {dataset.Look.Modality} {dataset.Axes}");
        }
        Assert.Equal(4, Directory.GetFiles(_folder, "*.png").Length);
    }

    private static (Volume<float> Image, byte[] Truth) Box(Affine affine)
    {
        var grid = new Grid(new Size3(30, 28, 10), affine);
        var (voxels, truth) = (new float[grid.Size.Count], new byte[grid.Size.Count]);
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = i % 100;
            truth[i] = i % 30 is >= 2 and < 9 && i / 30 % 28 is >= 8 and < 20 ? (byte)1 : (byte)0;
        }
        return (new Volume<float>(grid, voxels), truth);
    }

    private static int Greens(SKBitmap picture, int from, int to, int top = 60, int bottom = int.MaxValue)
    {
        var greens = 0;
        for (var y = top; y < Math.Min(bottom, picture.Height); y++)
            for (var x = from; x < to; x++)
            {
                var pixel = picture.GetPixel(x, y);
                if (pixel.Green > pixel.Red + 30 && pixel.Green > pixel.Blue + 30)
                    greens++;
            }
        return greens;
    }
}
