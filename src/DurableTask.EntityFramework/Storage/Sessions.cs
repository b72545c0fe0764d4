using DurableTask.EntityFramework.Queues;
using DurableTask.EntityFramework.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DurableTask.EntityFramework.Storage;

/// <summary>Opens the application's context, one for each operation.</summary>
internal abstract class Sessions(IServiceScopeFactory scopes)
{
    /// <summary>SQLite has one writer: the others wait here, without a thread.</summary>
    private SemaphoreSlim Writer { get; } = new(1);

    public Session Open()
    {
        var scope = scopes.CreateAsyncScope();
        return new Session(scope, Resolve(scope.ServiceProvider));
    }

    public string? EngineName()
    {
        using var scope = scopes.CreateScope();
        return Resolve(scope.ServiceProvider).Database.ProviderName;
    }

    /// <summary>One SaveChanges; then the queue learns of new messages and activities.</summary>
    public async Task SaveAsync(Session session, IWorkQueue queue)
    {
        var entries = session.Db.ChangeTracker.Entries().ToLookup(entry => entry.State, entry => entry.Entity);
        var (added, changed) = (entries[EntityState.Added].ToList(), entries[EntityState.Modified].OfType<InstanceRow>().ToList());
        if (queue.HasOneWriter)
            await Writer.WaitAsync();
        try
        {
            await session.Db.SaveChangesAsync();
        }
        finally
        {
            if (queue.HasOneWriter)
                Writer.Release();
        }
        queue.Saved([.. added.OfType<MessageRow>()], [.. added.OfType<ActivityRow>()], [.. changed.Select(row => row.Id)]);
    }

    protected abstract DbContext Resolve(IServiceProvider scope);
}

internal sealed class Sessions<TContext>(IServiceScopeFactory scopes) : Sessions(scopes) where TContext : DbContext
{
    protected override DbContext Resolve(IServiceProvider scope) => scope.GetRequiredService<TContext>();
}

internal sealed class Session(AsyncServiceScope scope, DbContext db) : IAsyncDisposable
{
    public DbContext Db => db;
    public DbSet<InstanceRow> Instances => db.Set<InstanceRow>();
    public DbSet<HistoryRow> History => db.Set<HistoryRow>();
    public DbSet<MessageRow> Messages => db.Set<MessageRow>();
    public DbSet<ActivityRow> Activities => db.Set<ActivityRow>();

    public void RemoveRange(IEnumerable<object> rows) => db.RemoveRange(rows);

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
