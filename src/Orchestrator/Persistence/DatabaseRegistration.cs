using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Orchestrator.Persistence;

internal static class DatabaseRegistration
{
    /// <summary>The engine is an option and so known only when the provider is built: both are registered, one is used.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddSingleton<IDatabaseClock>(provider => Options(provider).IsPostgres
            ? new PostgresClock(provider.GetRequiredService<TimeProvider>())
            : new ProcessClock(provider.GetRequiredService<TimeProvider>()));
        services.AddDbContext<SqliteOrchestratorDb>((provider, options) => SqliteDatabase.Use(options, Options(provider).File));
        services.AddDbContext<PostgresOrchestratorDb>((provider, options) => PostgresDatabase.Use(options, Options(provider).ConnectionString));
        return services.AddScoped<OrchestratorDb>(provider => Options(provider).IsPostgres
            ? provider.GetRequiredService<PostgresOrchestratorDb>()
            : provider.GetRequiredService<SqliteOrchestratorDb>());
    }

    private static DatabaseOptions Options(IServiceProvider provider) => provider.GetRequiredService<OrchestratorOptions>().Database;
}
