using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Dashboard.Parts;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>What a run measured, over its steps. An attempt that went on from another's checkpoint has that one's lines too.</summary>
internal sealed record RunCurves(
    IReadOnlyList<CurveLine> Loss, IReadOnlyList<CurveLine> Dice, IReadOnlyList<CurveLine> Agreement, IReadOnlyList<CurveLine> Throughput, IReadOnlyList<string> Alarms,
    double? WaitingShare)
{
    public static async Task<RunCurves> ReadAsync(IBlobStore blobs, string run, int attempt, CancellationToken cancellation)
    {
        // The newest attempt may not have written yet.
        for (; attempt > 0; attempt--)
            if (await LinesAsync(blobs, run, attempt, cancellation) is { Count: > 0 } lines)
                return Of(lines);
        return Of([]);
    }

    private static async Task<List<MetricsLine>> LinesAsync(IBlobStore blobs, string run, int attempt, CancellationToken cancellation)
    {
        var lines = new List<MetricsLine>();
        try
        {
            using var reader = new StreamReader(await blobs.OpenReadAsync(BlobLayout.AttemptMetrics(run, attempt), cancellation));
            while (await reader.ReadLineAsync(cancellation) is { } line)
                if (JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Readable) is { } metrics)
                    lines.Add(metrics);
        }
        catch (BlobNotFoundException)
        {
        }
        return lines;
    }

    private static RunCurves Of(List<MetricsLine> lines)
    {
        var validations = lines.Where(line => line.Validation is not null).ToList();
        var uses = lines.Where(line => line.Unlabelled is not null).ToList();
        return new RunCurves(
            [.. Line("total", lines, line => line.Loss), .. Keyed(lines, line => line.Terms)],
            [.. Line("mean", validations, line => line.Validation!.MeanDice), .. Keyed(validations, line => line.Validation!.Dice)],
            [.. Line("agreement", uses, line => line.Unlabelled!.Agreement), .. Keyed(uses, line => line.Unlabelled!.Shares.ToDictionary(share => $"foreground of {share.Key}", share => share.Value.Foreground))],
            [.. Line("samples/s", lines, line => line.SamplesPerSecond)],
            [.. uses.SelectMany(line => line.Unlabelled!.Alarms.Select(alarm => $"Step {line.Step}: {alarm}."))],
            lines.LastOrDefault(line => line.WaitingShare is not null)?.WaitingShare);
    }

    private static IEnumerable<CurveLine> Line(string name, IEnumerable<MetricsLine> lines, Func<MetricsLine, double?> value) =>
        lines.Where(line => value(line) is { } known && double.IsFinite(known)).Select(line => (line.Step, value(line)!.Value)).ToList() is { Count: > 0 } points ? [new CurveLine(name, points)] : [];

    private static IEnumerable<CurveLine> Keyed(List<MetricsLine> lines, Func<MetricsLine, IReadOnlyDictionary<string, double>?> values) =>
        lines.SelectMany(line => values(line)?.Keys ?? []).Distinct().ToList()
            .SelectMany(name => Line(name, lines, line => values(line) is { } known && known.TryGetValue(name, out var value) ? value : null));
}
