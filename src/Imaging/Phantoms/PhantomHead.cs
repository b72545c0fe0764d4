namespace VerSemi.Imaging.Phantoms;

/// <summary>
/// A head in a field of view of 48 mm, for targets of very different size: the cerebellum fills 4 % of the volume, the
/// striatum 0.6 %, the thalamus 0.2 %, the gland 0.07 %. Each has doubles of the same intensity in other places, and each
/// patient's structures differ in size and place.
/// </summary>
public sealed class PhantomHead : IPhantomAnatomy
{
    private readonly Ellipsoid _head;

    /// <summary>The first one that contains a point decides.</summary>
    private readonly List<(Ellipsoid Shape, PhantomTissue Tissue)> _structures = [];

    public PhantomHead(Random random)
    {
        double Around(double mean, double spread) => mean + spread * (2 * random.NextDouble() - 1);
        Ellipsoid Make(double x, double y, double z, double place, double rx, double ry, double rz) => new(
            Around(x, place), Around(y, place), Around(z, place), Around(rx, 0.08 * rx), Around(ry, 0.08 * ry), Around(rz, 0.08 * rz));
        void Add(PhantomTissue tissue, Ellipsoid shape) => _structures.Add((shape, tissue));
        void AddPair(PhantomTissue tissue, double x, double y, double z, double rx, double ry, double rz)
        {
            Add(tissue, Make(x, y, z, 1, rx, ry, rz));
            Add(tissue, Make(-x, y, z, 1, rx, ry, rz));
        }

        _head = Make(0, 0, 0, 0.5, 20.5, 21.5, 22) with { X = 0 };
        Add(PhantomTissue.Gland, Make(0, 7, -8, 1.5, 2.6, 2.6, 2.6));
        AddPair(PhantomTissue.Dot, 9, 13, -1, 2.4, 2.4, 2.4);
        Add(PhantomTissue.Dot, Make(0, -13, 8, 1.5, 2.6, 2.6, 2.6));
        AddPair(PhantomTissue.Thalamus, 3.6, -5.5, 2.6, 2.8, 3.8, 2.8);
        AddPair(PhantomTissue.Striatum, 6.8, 4, -1, 3.2, 6, 3.8);
        AddPair(PhantomTissue.Cyst, 12, 6, -8, 2.8, 3.4, 2.8);
        AddPair(PhantomTissue.Fold, 13, -3, 6, 2.4, 5.5, 3.8);
        Add(PhantomTissue.Cerebellum, Make(0, -8, -10, 1.2, 13, 9, 8.5));
        Add(PhantomTissue.Lobe, Make(0, 9.5, 11, 1.2, 9.5, 7.5, 6.5));
    }

    public PhantomTissue At(double x, double y, double z)
    {
        var depth = _head.Level(x, y, z);
        if (depth > 1)
            return PhantomTissue.Outside;
        foreach (var (shape, tissue) in _structures)
            if (shape.Contains(x, y, z))
                return tissue;
        return depth > 0.85 ? PhantomTissue.Rim : PhantomTissue.Body;
    }
}
