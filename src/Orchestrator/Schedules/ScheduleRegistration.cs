using Microsoft.Extensions.DependencyInjection;

namespace VerSemi.Orchestrator.Schedules;

internal static class ScheduleRegistration
{
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services
        .AddScoped<LineFacts>().AddScoped<ScheduleBook>().AddScoped<FiringStarts>().AddScoped<ScheduleSweep>()
        .AddScoped<PendingData>().AddScoped<DataTrigger>().AddSingleton<DataTriggerMemory>();
}
