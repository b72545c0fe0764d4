using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>An older orchestrator works beside a newer one, and again after it, on the newer one's schema: a migration only adds what older code need not know.</summary>
public sealed class MigrationRulesTests
{
    [Fact]
    public void On_PostgreSQL_a_migration_only_adds_what_older_code_need_not_know() => AssertOnlyAdds(
        new PostgresOrchestratorDb(new DbContextOptionsBuilder<PostgresOrchestratorDb>().UseNpgsql("Host=127.0.0.1").Options, new SetClock(DateTimeOffset.UnixEpoch)));

    [Fact]
    public void On_SQLite_a_migration_only_adds_what_older_code_need_not_know() => AssertOnlyAdds(
        new SqliteOrchestratorDb(new DbContextOptionsBuilder<SqliteOrchestratorDb>().UseSqlite("Data Source=:memory:").Options, new SetClock(DateTimeOffset.UnixEpoch)));

    private static void AssertOnlyAdds(OrchestratorDb db)
    {
        using (db)
        {
            var (assembly, provider) = (db.GetService<IMigrationsAssembly>(), db.Database.ProviderName!);
            var later = assembly.Migrations.OrderBy(migration => migration.Key, StringComparer.Ordinal).Skip(1)
                .SelectMany(migration => assembly.CreateMigration(migration.Value, provider).UpOperations.Select(operation => (migration.Key, operation))).ToList();
            var tables = later.Select(step => step.operation).OfType<CreateTableOperation>().Select(table => table.Name).ToHashSet();
            Assert.NotEmpty(later);
            Assert.Empty(later.Where(step => !OnlyAdds(step.operation, tables)).Select(step => $"{step.Key}: {step.operation.GetType().Name}"));
        }
    }

    /// <param name="tables">Those that older code does not write to.</param>
    private static bool OnlyAdds(MigrationOperation operation, HashSet<string> tables) => operation switch
    {
        AddColumnOperation column => column.IsNullable || column.DefaultValue is not null || column.DefaultValueSql is not null,
        CreateTableOperation => true,
        CreateIndexOperation index => !index.IsUnique || tables.Contains(index.Table),
        _ => false,
    };
}
