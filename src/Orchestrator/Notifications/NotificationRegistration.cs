using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Notifications;

internal static class NotificationRegistration
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .ConfigureDbContext<SqliteOrchestratorDb>(Write).ConfigureDbContext<PostgresOrchestratorDb>(Write)
        .AddSingleton(provider => new NotificationWriter(provider.GetRequiredService<OrchestratorOptions>().Webhook))
        .AddSingleton(provider => new WebhookSender(provider.GetRequiredService<OrchestratorOptions>().Webhook, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<DropReportClock>().AddScoped<DropReports>()
        .AddHostedService<WebhookDelivery>();

    private static void Write(IServiceProvider provider, DbContextOptionsBuilder options) => options.AddInterceptors(provider.GetRequiredService<NotificationWriter>());
}
