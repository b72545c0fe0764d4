using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Api;

/// <summary>Rows of requests with an Idempotency-Key: whose turn it is, and what was answered. Of all replicas, since they share the database.</summary>
internal sealed class KeptAnswers(OrchestratorDb db, OrchestratorOptions options)
{
    /// <summary>May be carried out: nobody did, or whoever began died over it.</summary>
    /// <returns>Null where this request has its turn; else the row of whoever has or had it.</returns>
    public async Task<IdempotencyRow?> BeginAsync(string key, string request, string owner, CancellationToken cancellation)
    {
        while (true)
        {
            var now = db.Clock.Now;
            await db.Idempotency.Where(row => row.Key == key && row.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
            if (await TryAddAsync(key, request, owner, now, cancellation))
                return null;
            if (await db.Idempotency.AsNoTracking().FirstOrDefaultAsync(row => row.Key == key, cancellation) is not { } there)
                continue; // forgotten in between
            if (there.Request != request || there.Status is not null || there.OwnedUntil > now)
                return there;
            var until = now + options.Idempotency.TakeOverAfter;
            if (await db.Idempotency.Where(row => row.Key == key && row.Owner == there.Owner && row.Status == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Owner, owner).SetProperty(row => row.OwnedUntil, until), cancellation) == 1)
                return null;
        }
    }

    public async Task GoOnAsync(string key, string owner, CancellationToken cancellation)
    {
        var until = db.Clock.Now + options.Idempotency.TakeOverAfter;
        await db.Idempotency.Where(row => row.Key == key && row.Owner == owner).ExecuteUpdateAsync(set => set.SetProperty(row => row.OwnedUntil, until), cancellation);
    }

    public async Task EndAsync(string key, string owner, int status, string? contentType, string? location, byte[] body, CancellationToken cancellation) =>
        await db.Idempotency.Where(row => row.Key == key && row.Owner == owner).ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, status)
            .SetProperty(row => row.ContentType, contentType).SetProperty(row => row.Location, location).SetProperty(row => row.Body, body), cancellation);

    /// <summary>It was not carried out: the next one with this key is a first one.</summary>
    public async Task ForgetAsync(string key, string owner, CancellationToken cancellation) =>
        await db.Idempotency.Where(row => row.Key == key && row.Owner == owner && row.Status == null).ExecuteDeleteAsync(cancellation);

    /// <summary>The sweep's part.</summary>
    public async Task DeleteOldAsync(CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        await db.Idempotency.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
    }

    private async Task<bool> TryAddAsync(string key, string request, string owner, DateTimeOffset now, CancellationToken cancellation)
    {
        db.Idempotency.Add(new IdempotencyRow
        {
            Key = key,
            Request = request,
            Owner = owner,
            CreatedAt = now,
            OwnedUntil = now + options.Idempotency.TakeOverAfter,
            ExpiresAt = now + options.Idempotency.Keep,
        });
        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            // Its key is there already; else it is the database that is in trouble, which the caller's next question meets.
            if (!await db.Idempotency.AnyAsync(row => row.Key == key, cancellation))
                throw;
            return false;
        }
    }
}
