using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator;

public static class OrchestratorRegistration
{
    /// <summary>Needs an IBlobStore and <see cref="BusRegistration.AddMessageBus"/> beside it.</summary>
    public static IServiceCollection AddOrchestrator(this IServiceCollection services, Action<OrchestratorOptions> configure) => throw new NotImplementedException();

    public static BusBuilder AddOrchestrator(this BusBuilder bus) => throw new NotImplementedException();

    /// <summary>The addresses of <see cref="Api.Routes"/>.</summary>
    public static IEndpointRouteBuilder MapOrchestratorApi(this IEndpointRouteBuilder app) => throw new NotImplementedException();
}
