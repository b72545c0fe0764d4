using VerSemi.GpuTrainer.Network;

namespace VerSemi.GpuTrainer.Tests.Numerics;

/// <summary>The network's convolutions as plain loops in double: what the library's kernels are compared with.</summary>
internal sealed class PlainConvolution(ConvKind kind, int batch, int from, int to, int side)
{
    private readonly int _kernel = kind switch { ConvKind.Same => 3, ConvKind.Point => 1, ConvKind.Down or ConvKind.Up => 2, _ => throw new ArgumentOutOfRangeException(nameof(kind)) };
    private readonly int _stride = kind is ConvKind.Down or ConvKind.Up ? 2 : 1;
    private readonly int _padding = kind == ConvKind.Same ? 1 : 0;

    public int OutSide => kind switch { ConvKind.Down => side / 2, ConvKind.Up => side * 2, ConvKind.Same or ConvKind.Point => side, _ => throw new ArgumentOutOfRangeException(nameof(kind)) };
    public long[] InputShape => [batch, from, side, side, side];
    public long[] OutputShape => [batch, to, OutSide, OutSide, OutSide];
    public long[] WeightShape => kind == ConvKind.Up ? [from, to, _kernel, _kernel, _kernel] : [to, from, _kernel, _kernel, _kernel];

    /// <summary>The result, and the gradients of input, weight and bias for a gradient of the result.</summary>
    public (double[] Output, double[] Input, double[] Weight, double[] Bias) Run(float[] x, float[] w, float[] b, float[] gradient)
    {
        var (y, dx, dw, db) = (new double[gradient.Length], new double[x.Length], new double[w.Length], new double[to]);
        var volume = OutSide * OutSide * OutSide;
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = b[i / volume % to];
            db[i / volume % to] += gradient[i];
        }
        for (var n = 0; n < batch; n++)
            for (var o = 0; o < to; o++)
                for (var c = 0; c < from; c++)
                    for (var k = 0; k < _kernel * _kernel * _kernel; k++)
                    {
                        var weight = (kind == ConvKind.Up ? c * to + o : o * from + c) * _kernel * _kernel * _kernel + k;
                        foreach (var (inner, outer) in Pairs(k))
                        {
                            var (xi, yi) = (((n * from) + c) * side * side * side + inner, (n * to + o) * volume + outer);
                            y[yi] += (double)w[weight] * x[xi];
                            dx[xi] += (double)w[weight] * gradient[yi];
                            dw[weight] += (double)x[xi] * gradient[yi];
                        }
                    }
        return (y, dx, dw, db);
    }

    private readonly Dictionary<int, List<(int, int)>> _pairs = [];

    /// <summary>Voxels of input and result that meet at one place of the kernel.</summary>
    private List<(int Input, int Output)> Pairs(int place)
    {
        if (_pairs.TryGetValue(place, out var known))
            return known;
        var (a, b, c) = (place / _kernel / _kernel, place / _kernel % _kernel, place % _kernel);
        var (coarse, fine) = (Math.Min(side, OutSide), Math.Max(side, OutSide));
        var found = new List<(int, int)>();
        for (var z = 0; z < coarse; z++)
            for (var y = 0; y < coarse; y++)
                for (var x = 0; x < coarse; x++)
                {
                    var (fz, fy, fx) = (z * _stride + a - _padding, y * _stride + b - _padding, x * _stride + c - _padding);
                    if (fz < 0 || fy < 0 || fx < 0 || fz >= fine || fy >= fine || fx >= fine)
                        continue;
                    var (small, large) = ((z * coarse + y) * coarse + x, (fz * fine + fy) * fine + fx);
                    found.Add(kind == ConvKind.Up ? (small, large) : (large, small));
                }
        return _pairs[place] = found;
    }
}
