using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator;

public static class OrchestratorApi
{
    /// <summary>The addresses of <see cref="Routes"/>, and the guards before every endpoint of the server, also those that are mapped later.</summary>
    public static WebApplication MapOrchestratorApi(this WebApplication app)
    {
        Problems.UseOn(app);
        app.UseAccess();
        Idempotency.UseOn(app);
        Problems.Map(app);
        OpenApi.Map(app);
        SignInPages.Map(app);
        var options = app.Services.GetRequiredService<AccessOptions>();
        var api = app.MapGroup(Routes.Root).WithMetadata(new RequestSizeLimitAttribute(options.Limits.RequestBytes))
            .AddEndpointFilter(Problems.AnswerAsync).AddEndpointFilter(Unchanged.AnswerAsync).AddEndpointFilter(new HumanRequests(options));
        AccessApi.Map(api);
        StatusApi.Map(api);
        QueuesApi.Map(api);
        DoctorApi.Map(api);
        ScrubApi.Map(api);
        EventsApi.Map(api);
        DropsApi.Map(api);
        CatalogueApi.Map(api);
        CasesApi.Map(api);
        CyclesApi.Map(api);
        RunsApi.Map(api);
        EvaluationsApi.Map(api);
        ModelsApi.Map(api);
        ImportsApi.Map(api);
        SegmentationsApi.Map(api);
        SchedulesApi.Map(api);
        WithdrawalsApi.Map(api);
        return app;
    }
}
