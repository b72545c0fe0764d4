using SkiaSharp;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Rendering;

/// <summary>A small grey picture of a volume's middle axial slice, as radiologists look at it.</summary>
public static class Thumbnail
{
    /// <summary>Pixels of the longer side.</summary>
    public const int Side = 160;

    /// <summary>PNG. Intensities are windowed to the slice's 1st…99th percentile.</summary>
    public static byte[] Of(Volume<float> image)
    {
        var view = new PlaneView(image.Grid, Plane.Axial, PlaneView.LargestSlice(image.Grid, Plane.Axial, []));
        using var slice = SliceRenderer.Grey(image, view, SliceRenderer.Window(Slice(image, view)));
        var scale = Side / Math.Max(view.Width, view.Height);
        using var small = new SKBitmap(Pixels(view.Width * scale), Pixels(view.Height * scale));
        using var canvas = new SKCanvas(small);
        using var picture = SKImage.FromBitmap(slice);
        canvas.DrawImage(picture, SKRect.Create(small.Width, small.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var png = small.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static int Pixels(double length) => Math.Max(1, (int)Math.Round(length));

    private static IEnumerable<float> Slice(Volume<float> image, PlaneView view) =>
        from row in Enumerable.Range(0, view.Rows) from column in Enumerable.Range(0, view.Columns) select image.Voxels[view[column, row]];
}
