namespace VerSemi.Imaging.Phantoms;

/// <summary>Centre and radii in millimetres along R, A, S.</summary>
internal readonly record struct Ellipsoid(double X, double Y, double Z, double RadiusX, double RadiusY, double RadiusZ)
{
    /// <summary>0 at the centre, 1 at the surface.</summary>
    public double Level(double x, double y, double z)
    {
        var (a, b, c) = ((x - X) / RadiusX, (y - Y) / RadiusY, (z - Z) / RadiusZ);
        return a * a + b * b + c * c;
    }

    public bool Contains(double x, double y, double z) => Level(x, y, z) < 1;
}
