namespace VerSemi.Imaging.Metrics;

public static class Percentile
{
    /// <summary>The p-th percentile (0…100) with linear interpolation between order statistics (NumPy's default). Reorders <paramref name="values"/>.</summary>
    public static double Of(float[] values, double p)
    {
        if (values.Length == 0)
            throw new ArgumentException("A percentile of no values is undefined.", nameof(values));
        var place = p / 100 * (values.Length - 1);
        var below = (int)Math.Floor(place);
        Select(values, below);
        if (place <= below)
            return values[below];
        var next = values.Skip(below + 1).Min();
        return values[below] + (place - below) * (next - (double)values[below]);
    }

    /// <summary>Hoare's selection: the k-th smallest comes to k, smaller ones before it, larger ones after.</summary>
    private static void Select(float[] values, int k)
    {
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[low + (high - low) / 2];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }
            if (k <= j)
                high = j;
            else if (k >= i)
                low = i;
            else
                return;
        }
    }
}
