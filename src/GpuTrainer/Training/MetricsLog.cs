using System.Text;
using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Training;

/// <summary>One line of metrics.jsonl: a step, a validation after a step, or an epoch's use of unlabelled images.</summary>
public sealed record MetricsLine
{
    /// <summary>Steps done.</summary>
    public required int Step { get; init; }
    public required int Stage { get; init; }
    public double? Loss { get; init; }

    /// <summary>Unweighted.</summary>
    public IReadOnlyDictionary<string, double>? Terms { get; init; }
    public double? LearningRate { get; init; }

    /// <summary>Before clipping.</summary>
    public double? GradientNorm { get; init; }
    public double? SamplesPerSecond { get; init; }

    /// <summary>Share of the time since the run's start that was spent waiting for data, 0…1.</summary>
    public double? WaitingShare { get; init; }
    public ValidationScore? Validation { get; init; }

    /// <summary>Of the epoch of stage 2 that ends with this step: a line of its own.</summary>
    public UnlabelledUse? Unlabelled { get; init; }
    public string? LabelSpaceHash { get; init; }
}

/// <summary>
/// The curves of an attempt. A blob cannot be appended to, so the whole file is written again, now and then; lines after
/// the checkpoint that a resume goes on from are dropped, so that curves have no step twice.
/// </summary>
public sealed class MetricsLog(IBlobStore store, string run, int attempt)
{
    private readonly StringBuilder _lines = new();

    public void Add(MetricsLine line) => _lines.Append(JsonSerializer.Serialize(line, DomainJson.Canonical)).Append('\n');

    public async Task WriteAsync(CancellationToken cancellation) =>
        await store.WriteTextAsync(BlobLayout.AttemptMetrics(run, attempt), _lines.ToString(), cancellation: cancellation);

    /// <summary>Takes over the lines of the attempt that the run goes on from, up to the step of its checkpoint.</summary>
    public async Task TakeOverAsync(int from, int step, CancellationToken cancellation)
    {
        if (await store.FindAsync(BlobLayout.AttemptMetrics(run, from), cancellation) is not { } blob)
            return;
        using var reader = new StreamReader(await store.OpenReadAsync(blob.Path, cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
            if (JsonSerializer.Deserialize<MetricsLine>(line, DomainJson.Canonical) is { } metrics && metrics.Step <= step)
                _lines.Append(line).Append('\n');
    }
}
