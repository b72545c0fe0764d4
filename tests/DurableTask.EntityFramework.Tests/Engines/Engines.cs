using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace DurableTask.EntityFramework.Tests.Engines;

public sealed class SqliteEngine : Engine
{
    private readonly TempFolder _folder = new();

    public override Task<string> CreateStoreAsync() => Task.FromResult($"sqlite:{_folder[$"{Guid.NewGuid():N}.db"]}");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}

public sealed class PostgresEngine : Engine
{
    public override async Task<string> CreateStoreAsync() => $"postgres:{await SharedServers.CreateDatabaseAsync()}";
}

public sealed class AzureStorageEngine : Engine
{
    public override async Task<string> CreateStoreAsync() =>
        $"azure:t{Guid.NewGuid():N}:{(await SharedServers.AzuriteAsync()).ConnectionString}";
}
