using System.Runtime.InteropServices;
using VerSemi.Domain;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Ingest.Cases;

/// <summary>A scan by its voxels along R, A and S: the same for every file that holds it, whichever way its axes run and whatever else its header says.</summary>
internal static class ScanContent
{
    public static string Of(Volume<float> image)
    {
        var ras = Orientation.Of(image.Grid.Affine).ToRas(image);
        return ContentHash.OfText($"versemi/scan/1/{ras.Size}/{ContentHash.Of(MemoryMarshal.AsBytes<float>(ras.Voxels))}");
    }
}
