using System.Data.Common;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>The schema is being migrated by another replica.</summary>
internal sealed class MigrationHeldException() : DbException("another replica holds the migration's lock (an advisory one: SELECT pid FROM pg_locks WHERE locktype = 'advisory')")
{
    public override bool IsTransient => true;
}
