using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using VerSemi.Platform.Files;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>The rows in one file, for one process.</summary>
public sealed class SqliteOrchestratorDb(DbContextOptions<SqliteOrchestratorDb> options, IDatabaseClock clock) : OrchestratorDb(options, clock)
{
    public override Task MigrateAsync(CancellationToken cancellation) => SqliteDatabase.MigrateAsync(this, cancellation);

    // One process, one sweep: nobody else claims in between.
    public override async Task<List<DueRow>> ClaimDueAsync<T>(DateTimeOffset again, CancellationToken cancellation)
    {
        var now = Clock.Now;
        var due = await Set<T>().AsNoTracking().Where(row => row.DueAt <= now && (row.RungAt == null || row.RungAt <= again))
            .Select(row => new DueRow(row.Id, row.TraceParent)).ToListAsync(cancellation);
        var ids = due.Select(row => row.Id).ToList();
        if (ids.Count > 0)
            await Set<T>().Where(row => ids.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.RungAt, now), cancellation);
        return due;
    }

    protected override void ConfigureTimes(ModelConfigurationBuilder configuration) => SqliteDatabase.Conventions(configuration);
}

/// <summary>All that is SQLite's own: nothing outside this file may depend on it.</summary>
internal static class SqliteDatabase
{
    public static void Use(DbContextOptionsBuilder options, string path) =>
        options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString())
            .AddInterceptors(EachConnection.Instance);

    /// <summary>SQLITE_BUSY or SQLITE_LOCKED: the provider does not call it transient.</summary>
    public static bool IsBusy(DbException e) => e is SqliteException { SqliteErrorCode: 5 or 6 };

    /// <summary>SQLite has no type for points in time: as text of fixed width in UTC they sort and compare, and people can read them.</summary>
    public static void Conventions(ModelConfigurationBuilder configuration) =>
        configuration.Properties<DateTimeOffset>().HaveConversion<SortableTime>();

    /// <summary>Creates or migrates the schema. Write-ahead logging is a property of the file: readers do not wait for the writer.</summary>
    public static async Task MigrateAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        await ReleaseLockAsync(db, cancellation);
        await db.Database.MigrateAsync(cancellation);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellation);
    }

    /// <summary>A process that was killed while it migrated left its lock, for which the migration would wait without an end. The file has one process.</summary>
    private static async Task ReleaseLockAsync(OrchestratorDb db, CancellationToken cancellation)
    {
        var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        if (File.Exists(file) && await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancellation) > 0)
            await db.Database.ExecuteSqlRawAsync("""DELETE FROM "__EFMigrationsLock";""", cancellation);
    }

    private sealed class SortableTime() : ValueConverter<DateTimeOffset, string>(
        time => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
        text => new DateTimeOffset(DateTime.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)))
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    }

    private sealed class EachConnection : DbConnectionInterceptor
    {
        public static EachConnection Instance { get; } = new();

        // SQLite's own waiting is in milliseconds; the provider's, in steps of 150 ms, is the last resort.
        private const string Pragmas = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;";

        /// <summary>SQLite gives its journals the mode of the file that they belong to.</summary>
        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
        {
            PrivateFiles.CreateFile(connection.DataSource);
            return result;
        }

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(ConnectionOpening(connection, eventData, result));

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }

    /// <summary>For `dotnet ef migrations add --context SqliteOrchestratorDb`.</summary>
    internal sealed class ForMigrations : IDesignTimeDbContextFactory<SqliteOrchestratorDb>
    {
        public SqliteOrchestratorDb CreateDbContext(string[] args)
        {
            var options = new DbContextOptionsBuilder<SqliteOrchestratorDb>();
            Use(options, "design.db");
            return new SqliteOrchestratorDb(options.Options, new ProcessClock(TimeProvider.System));
        }
    }
}
