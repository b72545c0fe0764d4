using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator;

public static class OrchestratorApi
{
    /// <summary>The addresses of <see cref="Routes"/>.</summary>
    public static IEndpointRouteBuilder MapOrchestratorApi(this IEndpointRouteBuilder app)
    {
        if (app is IApplicationBuilder pipeline)
        {
            Problems.UseOn(pipeline);
            Idempotency.UseOn(pipeline);
        }
        Problems.Map(app);
        OpenApi.Map(app);
        var api = app.MapGroup(Routes.Root).AddEndpointFilter(Problems.AnswerAsync).AddEndpointFilter(Unchanged.AnswerAsync);
        StatusApi.Map(api);
        QueuesApi.Map(api);
        EventsApi.Map(api);
        DropsApi.Map(api);
        CatalogueApi.Map(api);
        CasesApi.Map(api);
        CyclesApi.Map(api);
        RunsApi.Map(api);
        EvaluationsApi.Map(api);
        ModelsApi.Map(api);
        SegmentationsApi.Map(api);
        SchedulesApi.Map(api);
        WithdrawalsApi.Map(api);
        return app;
    }
}
