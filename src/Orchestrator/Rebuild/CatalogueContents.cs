using System.Globalization;
using System.Runtime.CompilerServices;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Labels;
using VerSemi.Domain.Models;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Orchestrator.Workflow.Leases;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Rebuild;

/// <summary>The rows that the blob store can give back.</summary>
internal sealed class CatalogueContents(IBlobStore blobs, FinishedWork finished, IDatabaseClock clock)
{
    public List<Cycle> Cycles { get; } = [];
    public List<LedgerRow> Ledger { get; } = [];
    public List<ModelRow> Models { get; } = [];
    public List<LabelSpaceRow> LabelSpaces { get; } = [];
    public List<Run> Runs { get; } = [];
    public List<WithdrawalRow> Withdrawals { get; } = [];

    /// <param name="generations">The newest generation of each line that is known from elsewhere.</param>
    /// <exception cref="DomainException">The blobs contradict each other.</exception>
    public async Task ReadAsync(CancellationToken cancellation, IReadOnlyDictionary<string, int>? generations = null)
    {
        await foreach (var cycle in AllAsync<Cycle>(BlobLayout.Cycles, cancellation))
            Cycles.Add(cycle);
        foreach (var line in (await blobs.ListFoldersAsync(BlobLayout.AllModels, cancellation)).Where(PathSegment.Is))
            await ReadLineAsync(line, generations?.GetValueOrDefault(line) ?? 0, cancellation);
        foreach (var run in (await blobs.ListFoldersAsync(BlobLayout.AllRuns, cancellation)).Where(PathSegment.Is))
            if (await TryReadAsync<RunSpecification>(BlobLayout.RunSpecification(run), cancellation) is { } specification)
                await AddRunAsync(specification, cancellation);
        await foreach (var record in AllAsync<WithdrawalRecord>(BlobLayout.Withdrawals, cancellation))
            AddWithdrawal(record);
    }

    private async Task ReadLineAsync(string line, int generation, CancellationToken cancellation)
    {
        await foreach (var row in AllAsync<LedgerRow>(BlobLayout.Ledger(line), cancellation))
            Ledger.Add(row);
        var newest = Ledger.Where(row => row.Line == line).Select(row => row.Generation).Append(generation).Max();
        // A damaged one is no reason to refuse: the ledger says what it held.
        if ((await blobs.InspectJsonAsync<ProductionPointer>(BlobLayout.Production(line), DomainJson.Readable, cancellation)).Value is { } pointer && pointer.Generation > newest)
            throw new ConflictException(
                $"{BlobLayout.Production(line)} is at generation {pointer.Generation}, but {BlobLayout.Ledger(line)} ends at {newest}: the ledger cannot be rebuilt. Restore the database, or the missing blobs, from a copy.");
        foreach (var folder in await blobs.ListFoldersAsync(BlobLayout.Line(line), cancellation))
            if (int.TryParse(folder, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                await AddModelAsync(line, version, cancellation);
    }

    private async Task AddModelAsync(string line, int version, CancellationToken cancellation)
    {
        var folder = BlobLayout.Model(line, version);
        var manifest = await TryReadAsync<ModelManifest>(folder + BlobLayout.ModelFile, cancellation);
        var first = Ledger.Where(row => row.Line == line && row.Version == version).MinBy(row => row.Generation);
        // A number that was given to a candidate which was never promoted is not used again.
        var row = new ModelRow { Line = line, Version = version, Run = manifest?.Lineage.Run ?? $"unknown-{version}", Cycle = first?.Cycle ?? "", CreatedAt = first?.At ?? clock.Now };
        if (manifest is not null)
            AddSpace(line, manifest.LabelSpace, $"rebuilt from {folder}");
        if (manifest is not null && (first is not null || manifest.Lineage.Run.StartsWith("import-", StringComparison.Ordinal)))
            new ModelContents(manifest, await TryReadAsync<EvaluationReport>(folder + BlobLayout.EvaluationFile, cancellation)).FillIn(row);
        Models.Add(row);
    }

    private void AddSpace(string line, LabelSpace space, string origin)
    {
        if (space.Version == 0)
            return;
        var known = LabelSpaces.Find(row => row.Line == line && row.Version == space.Version);
        if (known is not null && known.Hash != space.Hash)
            throw new ConflictException($"Line '{line}' has two label spaces of version {space.Version}: one {known.Origin}, another {origin}. One of these blobs is from another store: remove it.");
        if (known is null)
            LabelSpaces.Add(new LabelSpaceRow { Line = line, Version = space.Version, Space = space, Hash = space.Hash, CreatedAt = clock.Now, Origin = origin });
    }

    /// <summary>So that attempts go on being counted: an attempt's number is what fences an older worker off.</summary>
    private async Task AddRunAsync(RunSpecification run, CancellationToken cancellation)
    {
        AddSpace(run.Line, run.LabelSpace, $"rebuilt from {BlobLayout.RunSpecification(run.Run)}");
        var cycle = Cycles.Where(cycle => cycle.Run == run.Run || cycle.Candidates?.Any(candidate => candidate.Run == run.Run) == true).MaxBy(cycle => cycle.Number);
        var attempts = (await blobs.ListFoldersAsync(BlobLayout.Attempts(run.Run), cancellation)).Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? number : 0);
        var judged = cycle is { Judgement: not null } && cycle.Run == run.Run;
        Runs.Add(new Run
        {
            CorrelationId = SagaIds.Of(run.Run),
            Id = run.Run,
            Line = run.Line,
            Cycle = cycle?.Id ?? "",
            Version = 1,
            State = judged ? Api.RunStates.Evaluated : Api.RunStates.Cancelled,
            Reason = judged ? null : "The database was rebuilt: a cycle that wants this run goes on from what the store holds.",
            Attempt = attempts.DefaultIfEmpty(0).Max(),
            TrainedAttempt = judged ? await finished.TrainedAttemptAsync(run.Run, cancellation) : null,
            CreatedAt = cycle?.CreatedAt ?? clock.Now,
            UpdatedAt = cycle?.UpdatedAt ?? clock.Now,
        });
    }

    private void AddWithdrawal(WithdrawalRecord record)
    {
        var request = record.Request;
        if (Withdrawals.All(row => row.Id != request.Withdrawal))
            // Asked for again: its answer is there, and the models are looked for anew.
            Withdrawals.Add(new WithdrawalRow
            {
                Id = request.Withdrawal,
                Dataset = request.Dataset,
                Case = request.Case,
                Patient = request.Patient,
                Who = "unknown",
                Why = "rebuilt from the store, which does not keep who and why",
                CreatedAt = request.At,
                DueAt = clock.Now,
            });
    }

    private async IAsyncEnumerable<T> AllAsync<T>(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var blob in blobs.ListAsync(prefix, cancellation))
            yield return await blobs.ReadJsonAsync<T>(blob.Path, DomainJson.Readable, cancellation);
    }

    private async Task<T?> TryReadAsync<T>(string path, CancellationToken cancellation) where T : class =>
        (await blobs.TryReadJsonAsync<T>(path, DomainJson.Readable, cancellation))?.Value;
}
