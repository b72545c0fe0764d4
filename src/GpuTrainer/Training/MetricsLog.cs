using System.Text;
using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Runs;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>
/// The curves of an attempt. A blob cannot be appended to, so the whole file is written again, now and then; lines after
/// the checkpoint that a resume goes on from are dropped, so that curves have no step twice.
/// </summary>
public sealed class MetricsLog(IBlobStore store, string run, int attempt)
{
    private readonly StringBuilder _lines = new();
    private readonly SortedDictionary<string, CollapseAlarm> _alarms = new(StringComparer.Ordinal);

    /// <summary>The last of each prediction, by its name: also of the attempts that this one goes on from.</summary>
    public IReadOnlyCollection<CollapseAlarm> Alarms => _alarms.Values;

    public void Add(MetricsLine line)
    {
        _lines.Append(JsonSerializer.Serialize(line, DomainJson.Canonical)).Append('\n');
        Keep(line);
    }

    public async Task WriteAsync(CancellationToken cancellation) =>
        await store.WriteTextAsync(BlobLayout.AttemptMetrics(run, attempt), _lines.ToString(), cancellation: cancellation);

    /// <summary>Takes over the lines of the attempt that the run goes on from, up to the step of its checkpoint.</summary>
    public async Task TakeOverAsync(int from, int step, CancellationToken cancellation)
    {
        if (await store.FindAsync(BlobLayout.AttemptMetrics(run, from), cancellation) is not { } blob)
            return;
        using var reader = new StreamReader(await store.OpenReadAsync(blob.Path, cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
            if (TryParse(line) is { } metrics && metrics.Step <= step)
            {
                _lines.Append(line).Append('\n');
                Keep(metrics);
            }
    }

    private void Keep(MetricsLine line)
    {
        foreach (var collapse in line.Unlabelled?.Alarms ?? [])
            _alarms[collapse.Task] = new CollapseAlarm(line.Step, collapse);
    }

    /// <summary>Null for a line that is damaged: a curve without a point stops no training.</summary>
    private static MetricsLine? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Canonical);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
