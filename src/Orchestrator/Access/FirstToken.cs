using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Access;

/// <summary>A token by who has the database: nobody can be asked for one yet.</summary>
public static class FirstToken
{
    /// <param name="services">With the orchestrator's; nothing of it need be started.</param>
    /// <param name="lifetime">Null: it holds until it is revoked.</param>
    /// <returns>The token.</returns>
    public static async Task<string> AddAsync(IServiceProvider services, string name, Role role, TimeSpan? lifetime, CancellationToken cancellation = default)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        await db.MigrateAsync(cancellation);
        await db.Clock.SetAsync(db, cancellation);
        var (row, token) = await scope.ServiceProvider.GetRequiredService<Tokens>().AddAsync(name, role, db.Clock.Now + lifetime, Environment.UserName, cancellation);
        db.Audit.Add(new AuditRow { At = db.Clock.Now, Who = Environment.UserName, How = SignIn.Open, Act = "add-token", Subject = $"{row.Name} ({row.Role})", Status = 201 });
        await db.SaveChangesAsync(cancellation);
        return token;
    }
}
