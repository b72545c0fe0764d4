using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Notifications;

/// <summary>
/// Delivers what is due. A loop of its own beside the sweep: a receiver that is slow to answer keeps nothing else
/// waiting. A notification is claimed by moving its due time on, so that another replica, or this one after a crash,
/// sends it only when its answer is overdue.
/// </summary>
internal sealed class WebhookDelivery(IServiceScopeFactory scopes, OrchestratorOptions options, WebhookSender sender, Trouble trouble, TimeProvider time) : BackgroundService
{
    private const string Part = "webhook";
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private readonly WebhookOptions _webhook = options.Webhook;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_webhook.IsConfigured && !stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(options.SweepInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
            var now = db.Clock.Now;
            foreach (var due in await db.Notifications.AsNoTracking().Where(row => row.DueAt <= now).OrderBy(row => row.CreatedAt).Take(20).ToListAsync(cancellation))
                if (await IsClaimedAsync(db, due, cancellation))
                    await DeliverAsync(db, due.Id, cancellation);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            trouble.Is(Part, e.GetBaseException().Message);
        }
    }

    private async Task<bool> IsClaimedAsync(OrchestratorDb db, NotificationRow due, CancellationToken cancellation)
    {
        var overdue = db.Clock.Now + _webhook.Timeout + _webhook.Timeout;
        return await db.Notifications.Where(row => row.Id == due.Id && row.DueAt == due.DueAt && row.Attempts == due.Attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, overdue).SetProperty(row => row.Attempts, row => row.Attempts + 1), cancellation) == 1;
    }

    private async Task DeliverAsync(OrchestratorDb db, string id, CancellationToken cancellation)
    {
        db.ChangeTracker.Clear();
        var row = await db.Notifications.FirstAsync(notification => notification.Id == id, cancellation);
        row.LastError = await sender.SendAsync(row, cancellation);
        if (row.LastError is null)
        {
            (row.DeliveredAt, row.DueAt) = (db.Clock.Now, null);
            trouble.Over(Part);
        }
        else
        {
            TryLater(db, row);
        }
        // Whatever is stopping: what the receiver has is written down, or it would get it twice.
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private void TryLater(OrchestratorDb db, NotificationRow row)
    {
        var next = db.Clock.Now + Pause(row);
        if (next <= row.CreatedAt + _webhook.GiveUpAfter)
        {
            row.DueAt = next;
            trouble.Is(Part, $"{row.Event} of {row.Subject} is not taken: {row.LastError}");
            return;
        }
        row.DueAt = null;
        var detail = $"{row.Event} of {row.Subject} was tried {row.Attempts} times and is given up: {row.LastError}";
        db.Note(Part, row.Subject, "gave up", detail);
        trouble.Is(Part, detail);
    }

    /// <summary>Doubling, give or take a quarter: so that what failed together does not come back together.</summary>
    private TimeSpan Pause(NotificationRow row)
    {
        var doubled = _webhook.RetryPause.TotalSeconds * Math.Pow(2, Math.Min(row.Attempts - 1, 20));
        var share = Convert.ToInt32(ContentHash.OfText($"{row.Id}/{row.Attempts}")[..4], 16) / (double)0xFFFF;
        return TimeSpan.FromSeconds(Math.Min(doubled, LongestPause.TotalSeconds) * (0.75 + (0.5 * share)));
    }
}
