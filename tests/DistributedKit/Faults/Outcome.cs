using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;

namespace VerSemi.DistributedKit.Faults;

/// <summary>What a platform has come to, by its API and by its blobs, once all is calm.</summary>
/// <param name="DoublePromotions">Promotions of a cycle beyond its first, and generations that are not in the ledger.</param>
/// <param name="EndedOtherwise">Cycles that did not end as completed; not those that stand for a restored store.</param>
/// <param name="HalfWritten">What <see cref="BlobAudit"/> finds.</param>
/// <param name="Weights">Hash of each promoted model, in the order of promotion.</param>
public sealed record Outcome(int Cycles, IReadOnlyList<string> DropsLost, int DoublePromotions, int EndedOtherwise, IReadOnlyList<string> HalfWritten, IReadOnlyList<string> Weights)
{
    public bool IsSound => DropsLost.Count + DoublePromotions + EndedOtherwise + HalfWritten.Count == 0;

    public override string ToString() =>
        $"{Cycles} cycles; lost: {Text(DropsLost)}; doubled {DoublePromotions}, ended otherwise {EndedOtherwise}; half-written: {Text(HalfWritten)}";

    /// <param name="drops">Which must be datasets.</param>
    public static async Task<Outcome> ReadAsync(ServiceProcess orchestrator, IBlobStore blobs, IReadOnlyCollection<string> drops, CancellationToken cancellation)
    {
        var cycles = await orchestrator.GetAsync<List<CycleView>>(Routes.Cycles, cancellation);
        var datasets = await orchestrator.GetAsync<List<DatasetView>>(Routes.Datasets, cancellation);
        var ledger = await orchestrator.GetAsync<List<LedgerView>>(Routes.Ledger, cancellation);
        var promotions = ledger.Where(row => row.Kind == "promotion").OrderBy(row => row.Generation).ToList();
        var weights = new List<string>();
        foreach (var row in promotions)
            if (await blobs.TryReadJsonAsync<ModelManifest>(BlobLayout.Model(row.Line, row.Version) + BlobLayout.ModelFile, DomainJson.Readable, cancellation) is { } model)
                weights.Add(model.Value.Weights);
        return new Outcome(
            cycles.Count,
            [.. drops.Where(drop => datasets.All(dataset => dataset.Name != drop))],
            promotions.Count - promotions.Select(row => row.Cycle).Distinct().Count() + ledger.Select(row => row.Generation).Append(0).Max() - ledger.Count,
            cycles.Count(cycle => cycle.State != CycleStates.Completed && cycle.StartedBy != "reconcile"),
            await new BlobAudit(blobs, new PointerDamage(blobs)).FindAsync(cancellation),
            weights);
    }

    private static string Text(IReadOnlyList<string> things) => things.Count == 0 ? "none" : string.Join(", ", things);
}
