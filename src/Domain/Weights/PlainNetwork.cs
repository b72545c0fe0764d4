using VerSemi.Domain.Recipes;

namespace VerSemi.Domain.Weights;

/// <summary>
/// The network of docs/method.md in evaluation mode as plain loops: slow, of one image, on every processor the same. It says
/// whether weights answer at all before anything adopts or promotes them, and what the library's kernels are compared with.
/// </summary>
/// <param name="tensors">By the names of <see cref="NetworkLayout"/>.</param>
public sealed class PlainNetwork(IReadOnlyDictionary<string, float[]> tensors, int width, FeatureNorm norm, int columns, NetworkDesign design = NetworkDesign.Reference)
{
    private const float Epsilon = 1e-5f;

    /// <summary>The smallest image that passes.</summary>
    public const int SmallestSide = 16;

    /// <param name="image">side³ voxels; the side is a multiple of 16.</param>
    /// <returns>Foreground − background logits of each column, and of the synthetic task behind them.</returns>
    public float[][] Logits(float[] image, int side)
    {
        var kept = new Dictionary<string, float[]>();
        var x = image;
        foreach (var (name, change, from, to, blocks) in NetworkLayout.Stages(design))
        {
            if (change != 0)
            {
                x = Block($"{name}.resample", x, from * width, to * width, side, change);
                side = change < 0 ? side / 2 : side * 2;
            }
            if (name is "x6" or "x7" or "x8" || (design == NetworkDesign.Fine && name == "x9"))
                x = Sum(x, kept[$"x{10 - (name[1] - '0')}"]);
            for (var i = 1; i <= blocks; i++)
                x = Block($"{name}.conv{i}", x, change == 0 && i == 1 ? 1 : to * width, to * width, side, 0);
            kept[name] = x;
        }
        var pooled = Means(Normed("pooled_norm", kept["x5"], 16 * width), 16 * width);
        return Heads(pooled, Features(Normed("feature_norm", x, width), side * side * side));
    }

    private static float[] Sum(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + y)];

    /// <param name="change">−1: 2³ with stride 2; 1: transposed 2³ with stride 2; 0: 3³.</param>
    private float[] Block(string name, float[] input, int from, int to, int side, int change)
    {
        var (weight, bias) = (tensors[$"{name}.weight"], tensors[$"{name}.bias"]);
        var (kernel, outSide) = change switch { 0 => (3, side), < 0 => (2, side / 2), > 0 => (2, side * 2) };
        var (voxels, taps) = (outSide * outSide * outSide, kernel * kernel * kernel);
        var pairs = Enumerable.Range(0, taps).Select(tap => Pairs(tap, kernel, side, outSide, change)).ToArray();
        var output = new float[to * voxels];
        Parallel.For(0, to, o =>
        {
            var own = output.AsSpan(o * voxels, voxels);
            own.Fill(bias[o]);
            for (var c = 0; c < from; c++)
            {
                var source = input.AsSpan(c * side * side * side, side * side * side);
                var first = (change > 0 ? c * to + o : o * from + c) * taps;
                for (var tap = 0; tap < taps; tap++)
                    foreach (var (at, result) in pairs[tap])
                        own[result] += weight[first + tap] * source[at];
            }
            Norm(own, 1, 0);
            Rectify(own);
        });
        return output;
    }

    /// <summary>Which voxels of input and result meet at one tap of the kernel.</summary>
    private static (int Input, int Output)[] Pairs(int tap, int kernel, int side, int outSide, int change)
    {
        var (a, b, c) = (tap / kernel / kernel, tap / kernel % kernel, tap % kernel);
        var (coarse, fine, stride, padding) = (Math.Min(side, outSide), Math.Max(side, outSide), change == 0 ? 1 : 2, change == 0 ? 1 : 0);
        var found = new List<(int, int)>();
        for (var z = 0; z < coarse; z++)
            for (var y = 0; y < coarse; y++)
                for (var x = 0; x < coarse; x++)
                {
                    var (fz, fy, fx) = (z * stride + a - padding, y * stride + b - padding, x * stride + c - padding);
                    if (Math.Min(fz, Math.Min(fy, fx)) < 0 || Math.Max(fz, Math.Max(fy, fx)) >= fine)
                        continue;
                    var (small, large) = ((z * coarse + y) * coarse + x, (fz * fine + fy) * fine + fx);
                    found.Add(change > 0 ? (small, large) : (large, small));
                }
        return [.. found];
    }

    private static void Norm(Span<float> values, float scale, float shift)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
            (sum, squares) = (sum + value, squares + (double)value * value);
        var mean = sum / values.Length;
        var factor = scale / Math.Sqrt(Math.Max(0, squares / values.Length - mean * mean) + Epsilon);
        foreach (ref var value in values)
            value = (float)((value - mean) * factor + shift);
    }

    private static void Rectify(Span<float> values)
    {
        foreach (ref var value in values)
            value = value < 0 ? 0 : value; // NaN stays
    }

    private float[] Normed(string name, float[] input, int channels)
    {
        var (output, voxels) = (input.ToArray(), input.Length / channels);
        if (norm == FeatureNorm.Group)
        {
            var groups = Math.Min(channels / 4, 16);
            for (var g = 0; g < groups; g++)
                Norm(output.AsSpan(g * (output.Length / groups), output.Length / groups), 1, 0);
        }
        for (var c = 0; c < channels; c++)
        {
            var (scale, shift) = (tensors[$"{name}.weight"][c], tensors[$"{name}.bias"][c]);
            var (mean, factor) = norm == FeatureNorm.Group ? (0f, 1f) : (tensors[$"{name}.running_mean"][c], 1 / MathF.Sqrt(tensors[$"{name}.running_var"][c] + Epsilon));
            foreach (ref var value in output.AsSpan(c * voxels, voxels))
                value = (value - mean) * factor * scale + shift;
        }
        Rectify(output);
        return output;
    }

    private static float[] Means(float[] values, int channels) => [.. values.Chunk(values.Length / channels).Select(channel => channel.Average())];

    private float[] Features(float[] input, int voxels) =>
        Product(tensors["feature_weight"], tensors["feature_bias"], input, NetworkLayout.Features, width, voxels);

    private float[][] Heads(float[] pooled, float[] features)
    {
        var image = Product(tensors["controller.weight"], tensors["controller.bias"], pooled, NetworkLayout.HeadParameters, pooled.Length, 1);
        var table = tensors["controller.columns"].Concat(tensors["controller.synthetic"]).Chunk(NetworkLayout.HeadParameters);
        return [.. table.Take(columns + 1).Select(column => Head(Sum(image, column), features))];
    }

    private static float[] Head(float[] parameters, float[] features)
    {
        const int n = NetworkLayout.Features;
        var voxels = features.Length / n;
        var (w0, w1, w2) = (parameters[..(n * n)], parameters[(n * n)..(2 * n * n)], parameters[(2 * n * n)..(2 * n * n + 2 * n)]);
        var biases = parameters[(2 * n * n + 2 * n)..];
        var hidden = Product(w0, biases[..n], features, n, n, voxels);
        Rectify(hidden);
        hidden = Product(w1, biases[n..(2 * n)], hidden, n, n, voxels);
        Rectify(hidden);
        var logits = Product(w2, biases[(2 * n)..], hidden, 2, n, voxels);
        return [.. Enumerable.Range(0, voxels).Select(v => logits[voxels + v] - logits[v])];
    }

    /// <summary>weight (rows × inner) times input (inner × width), plus a bias a row.</summary>
    private static float[] Product(float[] weight, float[] bias, float[] input, int rows, int inner, int width)
    {
        var output = new float[rows * width];
        for (var r = 0; r < rows; r++)
        {
            var own = output.AsSpan(r * width, width);
            own.Fill(bias[r]);
            for (var i = 0; i < inner; i++)
                for (var v = 0; v < width; v++)
                    own[v] += weight[r * inner + i] * input[i * width + v];
        }
        return output;
    }
}
