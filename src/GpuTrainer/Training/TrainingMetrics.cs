using System.Diagnostics.Metrics;
using VerSemi.Platform.Telemetry;

namespace VerSemi.GpuTrainer.Training;

/// <summary>What this process trained. Rates of these are throughput; waiting a second of training is the share of time spent waiting for data.</summary>
internal static class TrainingMetrics
{
    private static readonly Counter<long> Steps = Telemetry.Meter.CreateCounter<long>("versemi.trainer.steps", "{step}", "Optimiser's steps");
    private static readonly Counter<long> Samples = Telemetry.Meter.CreateCounter<long>("versemi.trainer.samples", "{sample}", "Labelled patches");
    private static readonly Counter<double> Waiting = Telemetry.Meter.CreateCounter<double>("versemi.trainer.waiting", "s", "Time that steps waited for data");
    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>("versemi.trainer.step.duration", "s", "Time that a step took, its waiting for data included");

    public static void Start()
    {
        Steps.Add(0);
        Samples.Add(0);
        Waiting.Add(0);
    }

    public static void Step(int samples, TimeSpan took, double waited)
    {
        Steps.Add(1);
        Samples.Add(samples);
        Waiting.Add(waited);
        Duration.Record(took.TotalSeconds);
    }
}
