using SkiaSharp;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Rendering;

/// <summary>
/// Pictures for people: image, truth and prediction side by side, in the axial, coronal and sagittal slice that holds
/// most of the truth. Truth is green, prediction orange; the prediction's panel repeats the truth's contour.
/// </summary>
public static class OverlayRenderer
{
    private const int PanelWidth = 260, Gap = 6, TitleHeight = 30;
    private static readonly SKColor Ground = new(18, 18, 20), Text = new(230, 230, 230), Truth = new(64, 220, 110), Prediction = new(255, 140, 40);

    /// <summary>Writes a PNG. Intensities are windowed to the image's 1st…99th percentile.</summary>
    /// <param name="truth">Not 0: inside; on the image's grid. Null: not known, and its panel is left out.</param>
    /// <param name="prediction">As <paramref name="truth"/>.</param>
    public static void Write(string path, Volume<float> image, byte[]? truth, byte[]? prediction, string title)
    {
        foreach (var mask in (byte[]?[])[truth, prediction])
            if (mask is not null && mask.Length != image.Voxels.Length)
                throw new ArgumentException($"A mask of {mask.Length} voxels does not lie on the image's grid of {image.Size}.");
        var guide = truth?.AsSpan().ContainsAnyExcept((byte)0) == true ? truth : prediction ?? new byte[image.Voxels.Length];
        var views = Enum.GetValues<Plane>().Reverse().Select(plane => new PlaneView(image.Grid, plane, PlaneView.LargestSlice(image.Grid, plane, guide))).ToList();
        var panels = new List<Panel> { new("image", Text, []) };
        if (truth is not null)
            panels.Add(new("truth", Truth, [(truth, Truth, true)]));
        if (prediction is not null)
            panels.Add(new("prediction", Prediction, truth is null ? [(prediction, Prediction, true)] : [(prediction, Prediction, true), (truth, Truth, false)]));
        Draw(path, image, views, panels, title);
    }

    /// <param name="Masks">What lies over the image; Filled: tinted inside, else the contour alone.</param>
    private sealed record Panel(string Name, SKColor Colour, IReadOnlyList<(byte[] Mask, SKColor Colour, bool Filled)> Masks);

    private static void Draw(string path, Volume<float> image, List<PlaneView> views, List<Panel> panels, string title)
    {
        var scale = PanelWidth / views.Max(view => view.Width);
        var heights = views.ConvertAll(view => Math.Max(1, (int)Math.Round(view.Height * scale)));
        var width = Math.Max(panels.Count * (PanelWidth + Gap) + Gap, PixelFont.Width(title, 2) + 2 * Gap);
        using var bitmap = new SKBitmap(width, 2 * TitleHeight + heights.Sum(height => height + Gap));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Ground);
        PixelFont.Draw(canvas, title, Gap, 9, 2, Text);
        var window = SliceRenderer.Window(image.Voxels);
        for (var (column, x) = (0, Gap); column < panels.Count; column++, x += PanelWidth + Gap)
        {
            PixelFont.Draw(canvas, panels[column].Name, x, TitleHeight + 8, 2, panels[column].Colour);
            for (var (row, y) = (0, 2 * TitleHeight); row < views.Count; y += heights[row++] + Gap)
            {
                var shown = Math.Max(1, (int)Math.Round(views[row].Width * scale));
                DrawPanel(canvas, image, views[row], panels[column], window, SKRectI.Create(x + (PanelWidth - shown) / 2, y, shown, heights[row]));
            }
        }
        Save(path, bitmap);
    }

    private static void DrawPanel(SKCanvas canvas, Volume<float> image, PlaneView view, Panel panel, (float Low, float High) window, SKRectI at)
    {
        using var slice = SliceRenderer.Grey(image, view, window);
        using var picture = SKImage.FromBitmap(slice);
        canvas.DrawImage(picture, at, new SKSamplingOptions(SKFilterMode.Linear));
        foreach (var (mask, colour, filled) in panel.Masks)
        {
            using var layer = Overlay(view, mask, colour, filled, at.Size);
            canvas.DrawBitmap(layer, at.Left, at.Top);
        }
    }

    /// <summary>The mask at the picture's resolution: two pixels of contour, and a tint inside.</summary>
    private static SKBitmap Overlay(PlaneView view, byte[] mask, SKColor colour, bool filled, SKSizeI size)
    {
        bool Inside(int x, int y) => x >= 0 && y >= 0 && x < size.Width && y < size.Height
            && mask[view[x * view.Columns / size.Width, y * view.Rows / size.Height]] != 0;

        var layer = new SKBitmap(size.Width, size.Height);
        for (var y = 0; y < size.Height; y++)
            for (var x = 0; x < size.Width; x++)
                if (Inside(x, y))
                {
                    var contour = !(Inside(x - 2, y) && Inside(x + 2, y) && Inside(x, y - 2) && Inside(x, y + 2));
                    layer.SetPixel(x, y, colour.WithAlpha((byte)(contour ? 255 : filled ? 90 : 0)));
                }
        return layer;
    }

    private static void Save(string path, SKBitmap bitmap)
    {
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        png.SaveTo(file);
    }
}
