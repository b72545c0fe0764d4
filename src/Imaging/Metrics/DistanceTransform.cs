using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Metrics;

/// <summary>
/// Exact Euclidean distance transform, one axis after the other: Felzenszwalb and Huttenlocher, "Distance Transforms of
/// Sampled Functions", Theory of Computing 8 (2012), with a spacing per axis.
/// </summary>
public static class DistanceTransform
{
    /// <summary>Neighbouring lines that are copied together: 16 floats fill one cache line.</summary>
    private const int Tile = 16;

    /// <summary>Squared distance in mm² from each voxel's centre to that of the nearest seed; infinity where there is no seed.</summary>
    /// <param name="seeds">Not 0: a seed. Order as <see cref="Volume{T}.Voxels"/>.</param>
    public static float[] Squared(byte[] seeds, Size3 size, (double X, double Y, double Z) spacing)
    {
        var field = new float[seeds.Length];
        Parallel.For(0, size.Y * size.Z, row => AlongRow(
            seeds.AsSpan(row * size.X, size.X), field.AsSpan(row * size.X, size.X), spacing.X));
        Parallel.For(0, size.Z, () => new Envelope(size.Y), (z, _, envelope) => Across(
            field, z * size.X * size.Y, size.X, size.X, spacing.Y, envelope), _ => { });
        Parallel.For(0, size.Y, () => new Envelope(size.Z), (y, _, envelope) => Across(
            field, y * size.X, size.X, size.X * size.Y, spacing.Z, envelope), _ => { });
        return field;
    }

    /// <summary>The first axis needs no parabolas: the nearest seed to the left, then to the right.</summary>
    private static void AlongRow(ReadOnlySpan<byte> seeds, Span<float> squared, double spacing)
    {
        var steps = float.PositiveInfinity;
        for (var x = 0; x < seeds.Length; x++)
            squared[x] = steps = seeds[x] != 0 ? 0 : steps + 1;
        steps = float.PositiveInfinity;
        var factor = spacing * spacing;
        for (var x = seeds.Length - 1; x >= 0; x--)
        {
            steps = seeds[x] != 0 ? 0 : steps + 1;
            var nearest = Math.Min(steps, squared[x]);
            squared[x] = (float)(nearest * (double)nearest * factor);
        }
    }

    /// <summary>Transforms <paramref name="lines"/> neighbouring lines that start at <paramref name="start"/> and run by <paramref name="stride"/>.</summary>
    private static Envelope Across(float[] field, int start, int lines, int stride, double spacing, Envelope envelope)
    {
        for (var first = 0; first < lines; first += Tile)
        {
            var count = Math.Min(Tile, lines - first);
            for (var i = 0; i < envelope.Length; i++)
                envelope.Load(i, field.AsSpan(start + first + i * stride, count));
            for (var line = 0; line < count; line++)
                envelope.Transform(line, spacing * spacing);
            for (var i = 0; i < envelope.Length; i++)
                envelope.Store(i, field.AsSpan(start + first + i * stride, count));
        }
        return envelope;
    }

    /// <summary>Lower envelope of the parabolas of one line, and the buffers of a tile of lines.</summary>
    private sealed class Envelope(int length)
    {
        private readonly float[] _tile = new float[Tile * length];
        private readonly int[] _vertex = new int[length];
        private readonly double[] _height = new double[length];
        private readonly double[] _from = new double[length];

        public int Length => length;

        public void Load(int i, ReadOnlySpan<float> values)
        {
            for (var line = 0; line < values.Length; line++)
                _tile[line * length + i] = values[line];
        }

        public void Store(int i, Span<float> values)
        {
            for (var line = 0; line < values.Length; line++)
                values[line] = _tile[line * length + i];
        }

        /// <summary>values[i] becomes the least of values[j] + factor·(i−j)² over all j.</summary>
        public void Transform(int line, double factor)
        {
            var values = _tile.AsSpan(line * length, length);
            var last = Build(values, 1 / factor);
            if (last < 0)
                return;
            var k = 0;
            for (var i = 0; i < length; i++)
            {
                while (k < last && _from[k + 1] < i)
                    k++;
                double away = i - _vertex[k];
                values[i] = (float)(factor * (away * away + _height[k]));
            }
        }

        /// <summary>Parabolas in units of the spacing squared; returns the index of the last, −1 where all are infinite.</summary>
        private int Build(ReadOnlySpan<float> values, double inverse)
        {
            var last = -1;
            for (var i = 0; i < values.Length; i++)
            {
                if (float.IsPositiveInfinity(values[i]))
                    continue;
                var height = values[i] * inverse;
                var from = double.NegativeInfinity;
                while (last >= 0 && (from = Crossing(i, height, last)) <= _from[last])
                    last--;
                last++;
                (_vertex[last], _height[last], _from[last]) = (i, height, last == 0 ? double.NegativeInfinity : from);
            }
            return last;
        }

        /// <summary>Where the parabola at <paramref name="i"/> falls below the envelope's <paramref name="k"/>-th (the paper's equation for s).</summary>
        private double Crossing(int i, double height, int k)
        {
            double vertex = _vertex[k];
            return 0.5 * ((height - _height[k]) / (i - vertex) + i + vertex);
        }
    }
}
