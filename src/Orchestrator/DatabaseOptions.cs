using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Files;

namespace VerSemi.Orchestrator;

/// <summary>Which database keeps the orchestrator's rows.</summary>
public sealed class DatabaseOptions
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary>"sqlite": one process on one file. "postgres": any number of processes.</summary>
    public string Engine { get; set; } = Sqlite;

    /// <summary>Path of the SQLite file.</summary>
    public string File { get; set; } = "";

    /// <summary>Of PostgreSQL: Host=…;Port=…;Database=…;Username=…;Password=….</summary>
    public string ConnectionString { get; set; } = "";

    internal bool IsPostgres => Engine == Postgres;

    internal IEnumerable<string> Errors()
    {
        if (Engine is not (Sqlite or Postgres))
            yield return $"Orchestrator:Database:Engine is '{Engine}': '{Sqlite}' or '{Postgres}' is possible.";
        if (Engine == Sqlite && File.Length == 0)
            yield return "Orchestrator:Database:File is empty: give the path of the SQLite file, or set Engine to 'postgres'.";
        if (Engine == Sqlite && File.Length > 0)
            foreach (var fault in PrivateFiles.Faults(File, $"{File}-wal", $"{File}-shm"))
                yield return $"Orchestrator:Database:File: {fault}";
        if (Engine == Postgres && ConnectionString.Length == 0)
            yield return "Orchestrator:Database:ConnectionString is empty: give that of PostgreSQL, e.g. Host=127.0.0.1;Database=versemi;Username=versemi;Password=….";
        else if (Engine == Postgres && PostgresDatabase.FaultOf(ConnectionString) is { } fault)
            yield return $"Orchestrator:Database:ConnectionString cannot be read: {fault} (it is not shown here).";
    }
}
