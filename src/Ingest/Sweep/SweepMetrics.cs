using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using VerSemi.Platform.Telemetry;

namespace VerSemi.Ingest.Sweep;

/// <summary>Drops that wait for their report, as the sweep sees them. Every process sees the same: take the maximum.</summary>
internal sealed class SweepMetrics(IngestSweep sweep, IMeterFactory meters) : IHostedService, IDisposable
{
    private readonly Meter _meter = meters.Create(Telemetry.SourceName);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        IngestMetrics.Start();
        _meter.CreateObservableGauge("versemi.drops.open", () => Of(open => open.Count), "{drop}", "Drops without a report: being copied, or not taken in yet");
        _meter.CreateObservableGauge("versemi.drops.open.age", () => Of(open => open.Oldest.TotalSeconds), "s", "How long the oldest of them has been there; a copy of days is one, too");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Of(Func<OpenDrops, double> value) => sweep.Open is { } open ? [new(value(open))] : [];
}
