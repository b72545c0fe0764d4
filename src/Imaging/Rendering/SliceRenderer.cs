using SkiaSharp;
using VerSemi.Imaging.Geometry;
using VerSemi.Imaging.Metrics;
using VerSemi.Imaging.Preprocessing;

namespace VerSemi.Imaging.Rendering;

/// <summary>One slice in grey.</summary>
internal static class SliceRenderer
{
    public static SKBitmap Grey(Volume<float> image, PlaneView view, (float Low, float High) window)
    {
        var slice = new SKBitmap(view.Columns, view.Rows);
        for (var row = 0; row < view.Rows; row++)
            for (var column = 0; column < view.Columns; column++)
                slice.SetPixel(column, row, Grey(image.Voxels[view[column, row]], window));
        return slice;
    }

    /// <summary>The 1st…99th percentile of what is no padding.</summary>
    public static (float Low, float High) Window(IEnumerable<float> voxels)
    {
        var numbers = voxels.Where(Intensity.IsNumber).ToArray();
        var floor = Padding.Floor(numbers, hounsfield: false);
        var finite = Array.FindAll(numbers, voxel => voxel >= floor);
        return finite.Length == 0 ? (0, 1) : ((float)Percentile.Of(finite, 1), (float)Percentile.Of(finite, 99));
    }

    private static SKColor Grey(float value, (float Low, float High) window)
    {
        var share = window.High > window.Low ? (value - window.Low) / (window.High - window.Low) : 0;
        var level = float.IsNaN(share) ? (byte)0 : (byte)(255 * Math.Clamp(share, 0, 1));
        return new SKColor(level, level, level);
    }
}
