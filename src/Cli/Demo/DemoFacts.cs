using VerSemi.Cli.Client;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Demo;

/// <summary>What the platform says after the demo's two cycles.</summary>
/// <param name="Ledger">Oldest first.</param>
/// <param name="First">The model of the first promotion.</param>
/// <param name="Second">The model of the last promotion.</param>
internal sealed record DemoFacts(IReadOnlyList<LedgerView> Ledger, ModelDetail First, ModelDetail Second)
{
    public EvaluationReport FirstReport => ReportOf(First);
    public EvaluationReport SecondReport => ReportOf(Second);

    private static EvaluationReport ReportOf(ModelDetail model) => model.Evaluation
        ?? throw new DomainException($"{model.Model.Line}/{model.Model.Version} was imported: the demo needs a data folder of its own.");

    public static async Task<DemoFacts> GatherAsync(ApiClient api, CancellationToken cancellation)
    {
        var ledger = (await api.GetAsync<IReadOnlyList<LedgerView>>(Routes.Ledger, cancellation)).OrderBy(row => row.Generation).ToList();
        if (ledger.Count == 0)
            throw new DomainException("The ledger is empty although two cycles completed.");
        var models = await Task.WhenAll(new[] { ledger[0], ledger[^1] }.Select(row => api.GetAsync<ModelDetail>(Routes.Model(row.Line, row.Version), cancellation)));
        return new DemoFacts(ledger, models[0], models[1]);
    }
}
