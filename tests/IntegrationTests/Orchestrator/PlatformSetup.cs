using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>How a <see cref="TestPlatform"/> differs from the usual one.</summary>
internal sealed record PlatformSetup
{
    /// <summary>What the tiny trainer does.</summary>
    public TrainerScript? Script { get; init; }

    public Action<OrchestratorOptions>? Configure { get; init; }

    /// <summary>When the process dies, as far as its database and blobs can tell.</summary>
    public Mortality? Mortality { get; init; }

    public bool Trainer { get; init; } = true;
    public TimeProvider? Time { get; init; }

    /// <summary>Services besides the platform's, or in place of them.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    public bool Ingest { get; init; }
    public Action<AccessOptions>? Access { get; init; }

    /// <summary>Endpoints besides the API's.</summary>
    public Action<WebApplication>? Map { get; init; }
}
