namespace VerSemi.Imaging.Dicom.Series;

/// <summary>A place or direction in the patient's coordinates of DICOM, LPS: x to the left, y to the back, z to the head (PS3.3 section C.7.6.2.1.1). Millimetres, or direction cosines.</summary>
public readonly record struct Vector3D(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public static Vector3D operator +(Vector3D a, Vector3D b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    public static Vector3D operator -(Vector3D a, Vector3D b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    public static Vector3D operator *(Vector3D a, double scale) => new(a.X * scale, a.Y * scale, a.Z * scale);

    public double Dot(Vector3D other) => X * other.X + Y * other.Y + Z * other.Z;

    public Vector3D Cross(Vector3D other) => new(Y * other.Z - Z * other.Y, Z * other.X - X * other.Z, X * other.Y - Y * other.X);

    /// <summary>In RAS, as affines here are: x and y run the other way.</summary>
    public (double X, double Y, double Z) Ras => (-X, -Y, Z);

    public static Vector3D OfRas((double X, double Y, double Z) ras) => new(-ras.X, -ras.Y, ras.Z);
}
