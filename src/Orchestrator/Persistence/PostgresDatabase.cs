using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>The same rows on PostgreSQL; a type of its own because migrations belong to a type.</summary>
public sealed class PostgresOrchestratorDb(DbContextOptions<PostgresOrchestratorDb> options, IDatabaseClock clock) : OrchestratorDb(options, clock)
{
    public override Task MigrateAsync(CancellationToken cancellation) => PostgresDatabase.MigrateAsync(this, cancellation);

    public override async Task<List<DueRow>> ClaimDueAsync<T>(DateTimeOffset again, CancellationToken cancellation)
    {
        var table = Model.FindEntityType(typeof(T))!.GetTableName()!;
        var due = FormattableStringFactory.Create(
            $$"""
            UPDATE {{table}} SET "RungAt" = {0} WHERE "CorrelationId" IN (
                SELECT "CorrelationId" FROM {{table}} WHERE "DueAt" <= {0} AND ("RungAt" IS NULL OR "RungAt" <= {1}) FOR UPDATE SKIP LOCKED)
            RETURNING "Id", "TraceParent"
            """, Clock.Now, again);
        return await Database.SqlQuery<DueRow>(due).ToListAsync(cancellation);
    }

    public override Task<OpenTransactions> TransactionsAsync(CancellationToken cancellation) => Database.SqlQuery<OpenTransactions>(
        $"""
        SELECT pg_snapshot_xmin(now)::text::bigint AS "OldestOpen", pg_snapshot_xmax(now)::text::bigint AS "Next" FROM pg_current_snapshot() now
        """).SingleAsync(cancellation);

    protected override void ConfigureTimes(ModelConfigurationBuilder configuration)
    {
        // timestamp with time zone, as the provider has it.
    }
}

/// <summary>All that is PostgreSQL's own: nothing outside this file may depend on it.</summary>
internal static class PostgresDatabase
{
    /// <summary>"VerSemi" in ASCII: replicas that start together migrate one after the other.</summary>
    private const long MigrationLock = 0x56657253656D69;

    public static void Use(DbContextOptionsBuilder options, string connectionString) =>
        options.UseNpgsql(WithDefaults(connectionString), postgres => postgres.EnableRetryOnFailure(4, TimeSpan.FromSeconds(2), errorCodesToAdd: null));

    /// <summary>
    /// A step is a handful of small statements, the same ones over and over: planned once a connection, and nothing is
    /// reset between two users of one, since none keeps anything in a session. TLS encrypts, so Kerberos is not asked for: small
    /// images lack its library. A session whose client is gone without a word gives its rows back after a minute; the
    /// server's own default is never. What the connection string says has precedence.
    /// </summary>
    private static string WithDefaults(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (var (name, value) in new[] { ("Max Auto Prepare", "60"), ("Auto Prepare Min Usages", "3"), ("No Reset On Close", "true"), ("GSS Encryption Mode", "Disable"), ("Tcp Keepalive", "true"), ("Options", "-c idle_in_transaction_session_timeout=60000") })
            if (!given.ContainsKey(name))
                given[name] = value;
        return given.ConnectionString;
    }

    /// <summary>What cannot be read of a connection string, without its values; null where all of it can.</summary>
    public static string? FaultOf(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 } ? null : "it has no Host";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>Host and port, without a secret.</summary>
    public static string AddressOf(string connectionString)
    {
        var parsed = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{parsed.Host}:{parsed.Port}";
    }

    /// <exception cref="MigrationHeldException">Another replica migrates.</exception>
    public static async Task MigrateAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        if (!(await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
            return;
        // Not a pooled one: the lock ends with the connection, also where the migration fails.
        var own = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false };
        await using var connection = new NpgsqlConnection(own.ConnectionString);
        await connection.OpenAsync(cancellation);
        // Never waited for in the database: the wait would end with the command's timeout, and say nothing of why.
        await using var take = new NpgsqlCommand($"SELECT pg_try_advisory_lock({MigrationLock})", connection);
        if (await take.ExecuteScalarAsync(cancellation) is not true)
            throw new MigrationHeldException();
        await db.Database.MigrateAsync(cancellation);
    }

    /// <summary>For `dotnet ef migrations add --context PostgresOrchestratorDb`.</summary>
    internal sealed class ForMigrations : IDesignTimeDbContextFactory<PostgresOrchestratorDb>
    {
        public PostgresOrchestratorDb CreateDbContext(string[] args)
        {
            var options = new DbContextOptionsBuilder<PostgresOrchestratorDb>();
            Use(options, "Host=127.0.0.1;Database=design");
            return new PostgresOrchestratorDb(options.Options, new ProcessClock(TimeProvider.System));
        }
    }
}
