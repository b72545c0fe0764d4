using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>Rotations as NIfTI stores them: (b, c, d) of a unit quaternion with a ≥ 0 (nifti1.h, "quaternion representation").</summary>
internal static class Quaternion
{
    /// <summary>Null where the three numbers are no unit quaternion's.</summary>
    /// <param name="precision">What rounding may have done to the sum of squares: below it the rotation is one by 180° (a = 0).</param>
    public static double[,]? ToRotation(double[] bcd, double precision)
    {
        var (b, c, d) = (bcd[0], bcd[1], bcd[2]);
        var rest = 1 - (b * b + c * c + d * d);
        if (!(rest > -0.01))
            return null;
        var length = rest < precision ? Math.Sqrt(1 - rest) : 1;
        var a = rest < precision ? 0 : Math.Sqrt(rest);
        (b, c, d) = (b / length, c / length, d / length);
        return new[,]
        {
            { a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c) },
            { 2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b) },
            { 2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c },
        };
    }

    /// <summary>
    /// (b, c, d) and qfac (−1 for a left-handed affine) of the rotation part. A qform cannot hold shear: of a sheared
    /// affine it gets the nearest rotation (orthogonal factor of the polar decomposition of the unit columns).
    /// </summary>
    public static (double B, double C, double D, int QFac) Of(Affine affine)
    {
        var r = NearestOrthogonal(affine);
        var qfac = affine.Determinant < 0 ? -1 : 1;
        for (var row = 0; row < 3; row++)
            r[row, 2] *= qfac;
        var (b, c, d) = FromRotation(r);
        return (b, c, d, qfac);
    }

    /// <summary>Of the four formulas the one with the largest divisor; signs such that a ≥ 0.</summary>
    private static (double B, double C, double D) FromRotation(double[,] r)
    {
        var a4 = 1 + r[0, 0] + r[1, 1] + r[2, 2];
        var b4 = 1 + r[0, 0] - r[1, 1] - r[2, 2];
        var c4 = 1 - r[0, 0] + r[1, 1] - r[2, 2];
        var d4 = 1 - r[0, 0] - r[1, 1] + r[2, 2];
        var (ba, ca, da) = (r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]);
        var (bc, bd, cd) = (r[0, 1] + r[1, 0], r[0, 2] + r[2, 0], r[1, 2] + r[2, 1]);
        var largest = Math.Max(Math.Max(a4, b4), Math.Max(c4, d4));
        var (a, b, c, d) =
            largest == a4 ? (a4, ba, ca, da) :
            largest == b4 ? (ba, b4, bc, bd) :
            largest == c4 ? (ca, bc, c4, cd) :
            (da, bd, cd, d4);
        var scale = (a < 0 ? -0.5 : 0.5) / Math.Sqrt(largest);
        return (b * scale, c * scale, d * scale);
    }

    /// <summary>Newton's iteration Q ← (Q + Q⁻ᵀ)/2 (Higham 1986): quadratic, and exact at once for a rotation.</summary>
    private static double[,] NearestOrthogonal(Affine affine)
    {
        var q = UnitColumns(affine);
        for (var step = 0; step < 50; step++)
        {
            var inverse = InverseTransposed(q);
            var change = 0.0;
            for (var i = 0; i < 9; i++)
            {
                var next = (q[i / 3, i % 3] + inverse[i / 3, i % 3]) / 2;
                change = Math.Max(change, Math.Abs(next - q[i / 3, i % 3]));
                q[i / 3, i % 3] = next;
            }
            if (change < 1e-15)
                break;
        }
        return q;
    }

    private static double[,] UnitColumns(Affine affine)
    {
        var (x, y, z) = affine.Spacing;
        return new[,]
        {
            { affine.M00 / x, affine.M01 / y, affine.M02 / z },
            { affine.M10 / x, affine.M11 / y, affine.M12 / z },
            { affine.M20 / x, affine.M21 / y, affine.M22 / z },
        };
    }

    /// <summary>Cofactors over the determinant.</summary>
    private static double[,] InverseTransposed(double[,] m)
    {
        var cofactors = new double[3, 3];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                cofactors[i, j] = m[(i + 1) % 3, (j + 1) % 3] * m[(i + 2) % 3, (j + 2) % 3] - m[(i + 1) % 3, (j + 2) % 3] * m[(i + 2) % 3, (j + 1) % 3];
        var determinant = m[0, 0] * cofactors[0, 0] + m[0, 1] * cofactors[0, 1] + m[0, 2] * cofactors[0, 2];
        for (var i = 0; i < 9; i++)
            cofactors[i / 3, i % 3] /= determinant;
        return cofactors;
    }
}
