using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using VerSemi.Platform.Blobs;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>
/// Lets a host die between two of its durable operations: from the n-th on, every write to the database and to the blob
/// store fails, and nothing the host still tries can reach the files. What they hold then is what a killed process leaves.
/// </summary>
public sealed class Mortality(int diesAt)
{
    private int _operations;

    public int Operations => Volatile.Read(ref _operations);
    public bool IsDead => Operations >= diesAt;

    public void Write()
    {
        if (Interlocked.Increment(ref _operations) >= diesAt)
            throw new IOException("The process is dead.");
    }
}

internal sealed class MortalBlobs(IBlobStore inner, Mortality mortality) : IBlobStore
{
    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => inner.ListFoldersAsync(prefix, cancellation);
    public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => inner.FindAsync(path, cancellation);
    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default) => inner.OpenReadAsync(path, cancellation);
    public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => inner.LocalCopyAsync(path, cancellation);
    public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => inner.TryLeaseAsync(name, cancellation);

    public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default)
    {
        mortality.Write();
        return inner.WriteAsync(path, content, condition, cancellation);
    }

    public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default)
    {
        mortality.Write();
        return inner.CopyAsync(from, to, cancellation);
    }

    public Task DeleteAsync(string path, CancellationToken cancellation = default)
    {
        mortality.Write();
        return inner.DeleteAsync(path, cancellation);
    }
}

/// <summary>Every writing command, also those in the middle of a transaction, which the database then rolls back.</summary>
internal sealed class MortalCommands(Mortality mortality) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Check(command);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(command);
        return new(result);
    }

    private void Check(DbCommand command)
    {
        var text = command.CommandText.AsSpan().TrimStart();
        if (text.StartsWith("INSERT") || text.StartsWith("UPDATE") || text.StartsWith("DELETE"))
            mortality.Write();
    }
}
