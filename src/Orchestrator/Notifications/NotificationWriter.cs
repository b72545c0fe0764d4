using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.Orchestrator.Notifications;

/// <summary>What is to be told of a cycle is written by the SaveChanges that brings it about: neither is ever there without the other.</summary>
internal sealed class NotificationWriter(WebhookOptions webhook) : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (webhook.IsConfigured && eventData.Context is OrchestratorDb db)
            Add(db);
        return base.SavingChangesAsync(eventData, result, cancellationToken);
    }

    private void Add(OrchestratorDb db)
    {
        foreach (var entry in db.ChangeTracker.Entries<Cycle>().Where(entry => entry.State == EntityState.Modified).ToList())
        {
            var cycle = entry.Entity;
            if ((string?)entry.OriginalValues[nameof(Cycle.State)] == cycle.State || WebhookBodies.EventOf(cycle.State) is not { } what || !webhook.Tells(what))
                continue;
            var row = WebhookBodies.Of(cycle, what, db.Clock.Now);
            if (db.Notifications.Local.FindEntry(row.Id) is null)
                db.Notifications.Add(row);
        }
    }
}
