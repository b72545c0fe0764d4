using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Access;

/// <summary>Writes the audit ledger, each row by itself: what an act's own transaction does, does not touch it.</summary>
internal sealed class AuditLedger(IServiceScopeFactory scopes)
{
    public async Task WriteAsync(AuditRow row, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        row.At = db.Clock.Now;
        db.Audit.Add(row);
        await db.SaveChangesAsync(cancellation);
    }

    public async Task EndAsync(AuditRow row, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OrchestratorDb>().Audit.Where(one => one.Id == row.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Status, row.Status), cancellation);
    }
}

/// <summary>The row of the request that is being answered.</summary>
internal sealed class AuditEntry(AuditLedger ledger, AuditRow row)
{
    private bool _isWritten;

    public AuditRow Row => row;

    /// <summary>Before the act: one that cannot be recorded does not happen.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        await ledger.WriteAsync(row, cancellation);
        _isWritten = true;
    }

    /// <summary>Also of what was refused before it began.</summary>
    public Task EndAsync(int status)
    {
        if (_isWritten && row.Status == status)
            return Task.CompletedTask;
        row.Status = status;
        // Whoever asked may be gone: the row is written all the same.
        return _isWritten ? ledger.EndAsync(row, CancellationToken.None) : BeginAsync(CancellationToken.None);
    }
}

/// <summary>Every act, and every look at what is marked by <see cref="AuditedAct"/>, becomes a row, whatever was answered.</summary>
internal sealed class AuditTrail(RequestDelegate next, AuditLedger ledger, ILogger<AuditTrail> log)
{
    /// <summary>What nginx calls so: the client closed the connection.</summary>
    private const int ClientGone = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        if (ActOf(context) is not { } act)
        {
            await next(context);
            return;
        }
        var entry = new AuditEntry(ledger, new AuditRow
        {
            Who = Principals.NameOf(context.User),
            How = Principals.HowOf(context.User),
            From = context.Connection.RemoteIpAddress?.ToString(),
            Act = act,
            Subject = context.Request.Path,
        });
        context.Features.Set(entry);
        // Nobody has an answer before the ledger has its row, so that what follows on it stands behind it.
        context.Response.OnStarting(() => EndAsync(entry, context.Response.StatusCode));
        int? status = null;
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            status = e is BadHttpRequestException bad ? bad.StatusCode : context.RequestAborted.IsCancellationRequested ? ClientGone : StatusCodes.Status500InternalServerError;
            throw;
        }
        finally
        {
            await EndAsync(entry, status ?? (context.RequestAborted.IsCancellationRequested ? ClientGone : context.Response.StatusCode));
        }
    }

    private async Task EndAsync(AuditEntry entry, int status)
    {
        try
        {
            await entry.EndAsync(status);
        }
        catch (Exception e)
        {
            // The answer is under way; the row, where there is one, says that it had begun.
            log.LogError(e, "The audit ledger does not take that '{Act}' was answered with {Status}", entry.Row.Act, status);
        }
    }

    private static string? ActOf(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
            return null;
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        var marked = endpoint.Metadata.GetMetadata<AuditedAct>();
        return marked is not null || (!isRead && context.Request.Path.StartsWithSegments(Routes.Root))
            ? marked?.Act ?? $"{context.Request.Method} {endpoint.RoutePattern.RawText}"
            : null;
    }
}
