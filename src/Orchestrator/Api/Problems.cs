using System.Data.Common;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Api;

/// <summary>What a person can mend is answered as problem details (RFC 9457).</summary>
internal static class Problems
{
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (DomainException e)
        {
            return Results.Problem(e.Message, statusCode: e switch
            {
                UnknownNameException => StatusCodes.Status404NotFound,
                ConflictException => StatusCodes.Status409Conflict,
                GoneException => StatusCodes.Status410Gone,
                QuotaExceededException => StatusCodes.Status413PayloadTooLarge,
                _ => StatusCodes.Status400BadRequest,
            });
        }
        catch (TimeoutException e)
        {
            return Results.Problem($"{e.Message} The workflow is busy or stopping: ask again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (IOException e) when (e is not (BlobNotFoundException or BadHttpRequestException))
        {
            return Results.Problem($"{e.Message.TrimEnd('.')}. Ask again in a while.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (DatabaseTrouble(e) is { } trouble)
        {
            return Results.Problem($"The database does not answer: {trouble.Message.TrimEnd('.')}. Ask again in a while.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception e) when (e is not (OperationCanceledException or BadHttpRequestException))
        {
            var trace = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
            context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Problems))
                .LogError(e, "{Method} {Path} failed (trace {Trace})", context.HttpContext.Request.Method, context.HttpContext.Request.Path, trace);
            return Results.Problem($"{e.GetType().Name}: {e.Message} This is a defect: the log has the rest, look for trace {trace}.", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    /// <summary>What a retry may mend. The engine wraps it.</summary>
    private static DbException? DatabaseTrouble(Exception? e) => e switch
    {
        null => null,
        DbException trouble when trouble.IsTransient || SqliteDatabase.IsBusy(trouble) => trouble,
        _ => DatabaseTrouble(e.InnerException),
    };

    /// <summary>Every act of a person has a name to it.</summary>
    public static string RequireWho(string? who) =>
        string.IsNullOrWhiteSpace(who) ? throw new DomainException("'who' is missing: say who does this, it is kept in the ledger and the timeline.") : who;
}
