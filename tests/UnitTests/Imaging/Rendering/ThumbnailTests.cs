using SkiaSharp;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Rendering;

namespace VerSemi.UnitTests.Imaging.Rendering;

public class ThumbnailTests
{
    [Fact]
    public void The_middle_axial_slice_is_shown_in_its_proportions_right_at_the_left()
    {
        var grid = new Grid(new Size3(40, 20, 9), Affine.Scaling(1, 1, 3));
        var voxels = new float[grid.Size.Count];
        // Bright in the middle slice alone, where x is large: the patient's right is where x is largest in RAS+.
        for (var i = 0; i < voxels.Length; i++)
            voxels[i] = i / 800 == 4 && i % 40 >= 20 ? 100 : 0;

        using var picture = SKBitmap.Decode(Thumbnail.Of(new Volume<float>(grid, voxels)));

        Assert.Equal((Thumbnail.Side, Thumbnail.Side / 2), (picture.Width, picture.Height));
        Assert.True(picture.GetPixel(20, 40).Red > 200 && picture.GetPixel(140, 40).Red < 50);
    }

    [Fact]
    public void One_value_everywhere_or_none_that_is_a_number_gives_a_picture_as_well()
    {
        var grid = new Grid(new Size3(5, 5, 5), Affine.Scaling(1, 1, 1));
        foreach (var value in (float[])[7, float.NaN])
            Assert.NotEmpty(Thumbnail.Of(new Volume<float>(grid, [.. Enumerable.Repeat(value, 125)])));
    }
}
