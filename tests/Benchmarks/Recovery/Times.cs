using System.Globalization;

namespace VerSemi.Benchmarks.Recovery;

/// <summary>What was measured again and again, as a row of Markdown.</summary>
internal sealed record Times(string What, IReadOnlyList<double> Values, string Unit, string Wanted)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {What} | {Values.Count} | {Median:0.0} {Unit} | {Values.DefaultIfEmpty(double.NaN).Max():0.0} {Unit} | {Wanted} |");

    private double Median
    {
        get
        {
            var sorted = Values.Order().ToList();
            return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }
}
