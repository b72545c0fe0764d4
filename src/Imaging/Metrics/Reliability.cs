using VerSemi.Domain.Models;

namespace VerSemi.Imaging.Metrics;

/// <summary>
/// Foreground probabilities of one task beside the truth, over all voxels of some images, as a histogram of their logits: what
/// calibration is fitted to and judged by.
/// </summary>
public sealed class Reliability
{
    /// <summary>Of equal width, over probabilities from 0 to 1.</summary>
    public const int ProbabilityBins = 15;

    private const int BinsPerUnit = 64;

    /// <summary>1 over the temperatures from 10 to 0.25.</summary>
    private const double LeastSharpness = 0.1, MostSharpness = 4;

    private readonly long[] _voxels = new long[BinOf(CalibratedProbability.MostLogit) + 1];
    private readonly long[] _inside = new long[BinOf(CalibratedProbability.MostLogit) + 1];

    public long Voxels => _voxels.Sum();

    /// <param name="probability">Of foreground, 0…1, a voxel each.</param>
    /// <param name="truth">0 is outside, anything else inside; in the same order.</param>
    public void Add(ReadOnlySpan<float> probability, ReadOnlySpan<byte> truth)
    {
        for (var i = 0; i < probability.Length; i++)
        {
            var bin = BinOf(CalibratedProbability.Logit(probability[i]));
            _voxels[bin]++;
            _inside[bin] += truth[i] != 0 ? 1 : 0;
        }
    }

    /// <summary>Expected calibration error: mean over voxels of |claimed − observed| of their bin of probability, 0…1; 0 without voxels.</summary>
    public double ExpectedCalibrationError(TaskTemperatures temperatures)
    {
        var (claimed, observed) = (new double[ProbabilityBins], new double[ProbabilityBins]);
        for (var bin = 0; bin < _voxels.Length; bin++)
        {
            var logit = LogitOf(bin);
            var p = Sigmoid(logit / (logit > 0 ? temperatures.Inside : temperatures.Outside));
            var to = Math.Min(ProbabilityBins - 1, (int)(p * ProbabilityBins));
            claimed[to] += p * _voxels[bin];
            observed[to] += _inside[bin];
        }
        return claimed.Zip(observed, (c, o) => Math.Abs(c - o)).Sum() / Math.Max(1, Voxels);
    }

    /// <summary>
    /// The temperatures of the highest likelihood (Guo et al., ICML 2017), each on its own side of one half, from 0.25 to 10.
    /// Null where no voxel is foreground: such images say nothing of the task.
    /// </summary>
    public TaskTemperatures? Fit() => _inside.Sum() == 0 ? null : new TaskTemperatures(Fit(logit => logit > 0), Fit(logit => logit <= 0));

    /// <summary>The slope of the log likelihood by 1/T only falls. 1 where there is no voxel on this side.</summary>
    private double Fit(Func<double, bool> isOnSide)
    {
        var bins = Enumerable.Range(0, _voxels.Length).Where(bin => _voxels[bin] > 0 && isOnSide(LogitOf(bin))).ToList();
        if (bins.Count == 0)
            return 1;
        var (low, high) = (LeastSharpness, MostSharpness);
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            var slope = bins.Sum(bin => LogitOf(bin) * (_inside[bin] - _voxels[bin] * Sigmoid(middle * LogitOf(bin))));
            (low, high) = slope > 0 ? (middle, high) : (low, middle);
        }
        return 2 / (low + high);
    }

    private static int BinOf(double logit) => (int)Math.Round((logit - CalibratedProbability.LeastLogit) * BinsPerUnit);
    private static double LogitOf(int bin) => CalibratedProbability.LeastLogit + (double)bin / BinsPerUnit;
    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
