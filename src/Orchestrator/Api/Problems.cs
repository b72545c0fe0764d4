using System.Data.Common;
using Microsoft.AspNetCore.Http;
using VerSemi.Domain;
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
    }

    /// <summary>What a retry may mend. The engine wraps it.</summary>
    private static DbException? DatabaseTrouble(Exception? e) => e switch
    {
        null => null,
        DbException { IsTransient: true } trouble => trouble,
        _ => DatabaseTrouble(e.InnerException),
    };

    /// <summary>Every act of a person has a name to it.</summary>
    public static string RequireWho(string? who) =>
        string.IsNullOrWhiteSpace(who) ? throw new DomainException("'who' is missing: say who does this, it is kept in the ledger and the timeline.") : who;
}
