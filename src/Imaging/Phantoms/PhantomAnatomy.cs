namespace VerSemi.Imaging.Phantoms;

/// <summary>
/// One invented patient: the same organs in everybody, each of its own size and place. Millimetres in RAS+ around the
/// centre of a field of view of about 40 mm.
/// </summary>
public sealed class PhantomAnatomy : IPhantomAnatomy
{
    private readonly Ellipsoid _body, _liver, _spleen, _rightKidney, _leftKidney, _rightHilum, _leftHilum;
    private readonly (double X, double Y, double Z, double Major, double Minor) _bowel;
    private readonly (double X, double Y, double PhaseX, double PhaseY, double Radius) _vessel;
    private readonly (double X, double Y, double Half) _spine;
    private readonly Ellipsoid _nodule;

    public PhantomAnatomy(Random random)
    {
        double Around(double mean, double spread) => mean + spread * (2 * random.NextDouble() - 1);
        Ellipsoid Make(double x, double y, double z, double place, double rx, double ry, double rz, double size) => new(
            Around(x, place), Around(y, place), Around(z, place), Around(rx, size), Around(ry, size), Around(rz, size));

        _body = Make(0, 0, 0, 0.6, 18, 15.5, 40, 0.8);
        _liver = Make(7, 2.5, 5, 1.5, 8, 7, 8, 1);
        _spleen = Make(-11, -1, 7, 1.2, 3.2, 3.6, 4.2, 0.5);
        (_rightKidney, _rightHilum) = Kidney(Make(9, -7, -8, 1, 3.6, 3.4, 5.4, 0.4), -1);
        (_leftKidney, _leftHilum) = Kidney(Make(-9, -7, -8, 1, 3.6, 3.4, 5.4, 0.4), 1);
        _bowel = (Around(0, 2), Around(6.5, 1), Around(-10, 1.5), Around(5, 0.5), Around(1.8, 0.2));
        _vessel = (Around(-2, 0.8), Around(-3, 0.6), Around(0, Math.PI), Around(0, Math.PI), Around(2.7, 0.3));
        _spine = (Around(0, 0.6), Around(-11, 0.5), Around(2.4, 0.3));
        _nodule = PlaceNodule(Around(4.6, 0.5), Around);
    }

    public PhantomTissue At(double x, double y, double z) =>
        _nodule.Contains(x, y, z) ? PhantomTissue.Nodule : Fixed(x, y, z);

    private PhantomTissue Fixed(double x, double y, double z)
    {
        var depth = _body.Level(x, y, z);
        return depth > 1 ? PhantomTissue.Outside
            : InVessel(x, y, z) ? PhantomTissue.Vessel
            : _liver.Contains(x, y, z) ? PhantomTissue.Liver
            : InKidney(x, y, z) ? PhantomTissue.Kidney
            : _spleen.Contains(x, y, z) ? PhantomTissue.Spleen
            : Math.Abs(x - _spine.X) < _spine.Half && Math.Abs(y - _spine.Y) < _spine.Half ? PhantomTissue.Spine
            : InBowel(x, y, z) ? PhantomTissue.Bowel
            : depth > 0.85 ? PhantomTissue.Rim
            : PhantomTissue.Body;
    }

    private static (Ellipsoid Kidney, Ellipsoid Hilum) Kidney(Ellipsoid kidney, int medial) =>
        (kidney, new Ellipsoid(kidney.X + medial * kidney.RadiusX, kidney.Y, kidney.Z, 1.7, 1.9, 1.9));

    private bool InKidney(double x, double y, double z) =>
        (_rightKidney.Contains(x, y, z) && !_rightHilum.Contains(x, y, z)) || (_leftKidney.Contains(x, y, z) && !_leftHilum.Contains(x, y, z));

    private bool InVessel(double x, double y, double z)
    {
        var (dx, dy) = (x - _vessel.X - 1.8 * Math.Sin(z / 8 + _vessel.PhaseX), y - _vessel.Y - 1.2 * Math.Cos(z / 10 + _vessel.PhaseY));
        return dx * dx + dy * dy < _vessel.Radius * _vessel.Radius;
    }

    private bool InBowel(double x, double y, double z)
    {
        var fromRing = Math.Sqrt((x - _bowel.X) * (x - _bowel.X) + (y - _bowel.Y) * (y - _bowel.Y)) - _bowel.Major;
        return fromRing * fromRing + (z - _bowel.Z) * (z - _bowel.Z) < _bowel.Minor * _bowel.Minor;
    }

    /// <summary>Anywhere in plain tissue: the place that touches least of everything else, at best nothing.</summary>
    private Ellipsoid PlaceNodule(double radius, Func<double, double, double> around)
    {
        var (best, leastTouched) = (default(Ellipsoid), int.MaxValue);
        for (var attempt = 0; attempt < 200 && leastTouched > 0; attempt++)
        {
            var nodule = new Ellipsoid(around(0, 12), around(1, 11), around(0, 13), radius, radius, radius);
            var touched = Touched(nodule, radius + 0.8);
            if (touched < leastTouched)
                (best, leastTouched) = (nodule, touched);
        }
        return best;
    }

    private int Touched(Ellipsoid nodule, double reach)
    {
        var touched = 0;
        for (var i = -1; i <= 1; i++)
            for (var j = -1; j <= 1; j++)
                for (var k = -1; k <= 1; k++)
                {
                    var length = Math.Max(1, Math.Sqrt(i * i + j * j + k * k)) / reach;
                    if (Fixed(nodule.X + i / length, nodule.Y + j / length, nodule.Z + k / length) != PhantomTissue.Body)
                        touched++;
                }
        return touched;
    }
}
