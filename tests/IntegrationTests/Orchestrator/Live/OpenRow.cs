using Npgsql;

namespace VerSemi.IntegrationTests.Orchestrator.Live;

/// <summary>A timeline row whose transaction is still open; rolled back where it is not committed.</summary>
internal sealed class OpenRow : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private OpenRow(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static async Task<OpenRow> BeginAsync(string database, string subject)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand(
            """INSERT INTO timeline ("At", "Kind", "Subject", "Event") VALUES (now(), 'test', @subject, 'noted')""", connection, transaction);
        insert.Parameters.AddWithValue("subject", subject);
        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new OpenRow(connection, transaction);
    }

    public Task CommitAsync() => _transaction.CommitAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
