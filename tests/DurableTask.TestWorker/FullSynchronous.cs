using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DurableTask.TestWorker;

/// <summary>SQLite: every commit reaches the disk, as VerSemi sets it.</summary>
internal sealed class FullSynchronous : DbConnectionInterceptor
{
    public static FullSynchronous Instance { get; } = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL;";
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
