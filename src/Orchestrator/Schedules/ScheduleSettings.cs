using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VerSemi.Orchestrator.Schedules;

/// <summary>At start, after the schema is there: the schedules of the settings become rows.</summary>
internal sealed class ScheduleSettings(IServiceScopeFactory scopes) : IHostedService
{
    private const int Tries = 5;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var left = Tries; !await TakeAsync(left == 1, cancellationToken); left--)
        {
        }
    }

    /// <summary>False where a replica that starts at the same time was faster with one of them.</summary>
    private async Task<bool> TakeAsync(bool isLast, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<ScheduleBook>().TakeSettingsAsync(cancellation);
            return true;
        }
        catch (DbUpdateException) when (!isLast)
        {
            return false;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
