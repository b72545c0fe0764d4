using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Models;
using VerSemi.Domain.Promotion;
using VerSemi.Domain.Runs;
using VerSemi.Orchestrator.Models;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Workflow.Steps;

/// <summary>Reads both reports and lets the policy decide; what the candidate forgot is written beside them.</summary>
internal sealed class JudgeStep(OrchestratorDb db, IMessageBus bus, IBlobStore blobs, OrchestratorOptions options, Registry registry, Production production, ForgettingHistory history, RunSpecifications specifications, CandidateTrainings trainings)
    : CycleStep<JudgeCycle>(db, bus)
{
    protected override async Task WorkAsync(Cycle cycle, CancellationToken cancellation)
    {
        var candidate = await ReadAsync(cycle, BlobLayout.CandidateReport(cycle.Run!), cancellation);
        var champion = cycle.Champion is null ? null : await ReadAsync(cycle, BlobLayout.ChampionReport(cycle.Run!), cancellation);
        var specification = await specifications.ReadAsync(cycle.Run!, cancellation);
        var known = cycle.Champion is { } version ? (await registry.ReadAsync(cycle.Line, version, cancellation)).Manifest : null;
        var unread = known is null ? [] : await UnreadAsync(specification, known, cancellation);
        var judgement = options.Promotion.Judge(candidate, champion, specification.LabelSpace, known?.LabelSpace, unread);
        var current = (await production.CurrentAsync(cycle.Line, cancellation))?.Version;
        if (judgement.Decision == Decision.Promote && current != cycle.Champion)
            judgement = judgement with { Decision = Decision.NeedsApproval, Reason = OtherChampion(cycle, current) + judgement.Reason };
        if (judgement.Decision == Decision.Promote && options.Lines.GetValueOrDefault(cycle.Line)?.Approval == LineOptions.Always)
            judgement = judgement with { Decision = Decision.NeedsApproval, Reason = $"Line '{cycle.Line}' promotes nothing without a person. " + judgement.Reason };
        judgement = (await trainings.OfAsync(specification, cancellation))?.Explain(judgement) ?? judgement;
        var forgetting = await history.OfCandidateAsync(cycle, candidate, champion, cancellation);
        await blobs.WriteJsonAsync(BlobLayout.ForgettingReport(cycle.Run!), forgetting, DomainJson.Readable, cancellation: cancellation);
        await AnswerAsync(new CycleJudged(cycle.Id, judgement, candidate.CasesHash), cancellation);
    }

    /// <summary>Datasets in a modality that is new to the champion: it was not scored there, whatever tasks it knows.</summary>
    private async Task<HashSet<string>> UnreadAsync(RunSpecification run, ModelManifest champion, CancellationToken cancellation)
    {
        var unread = new HashSet<string>(StringComparer.Ordinal);
        foreach (var dataset in run.Datasets)
        {
            var manifest = await blobs.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset.Name, dataset.Version), DomainJson.Readable, cancellation);
            if (champion.Preprocessing.All(rule => rule.Modality != manifest.Modality))
                unread.Add(dataset.Name);
        }
        return unread;
    }

    private static string OtherChampion(Cycle cycle, int? current) =>
        $"It was compared with {Name(cycle, cycle.Champion)}, but {Name(cycle, current)} is in production now: a person decides. ";

    private static string Name(Cycle cycle, int? version) => version is null ? "no champion" : $"{cycle.Line}/{version}";

    /// <summary>The step is repeated until a worker has evaluated again.</summary>
    private async Task<EvaluationReport> ReadAsync(Cycle cycle, string path, CancellationToken cancellation)
    {
        try
        {
            return await blobs.ReadJsonAsync<EvaluationReport>(path, DomainJson.Readable, cancellation);
        }
        catch (Exception e) when (e is DamagedBlobException or BlobNotFoundException)
        {
            await SendAsync(WorkflowQueues.Runs, new PursueRun(cycle.Run!, cycle.Line, cycle.Id, Again: true), cancellation);
            throw;
        }
    }
}
