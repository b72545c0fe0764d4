using System.Data.Common;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Logs;

namespace VerSemi.Orchestrator.Api;

/// <summary>Every error is answered as problem details (RFC 9457) with a type of <see cref="ProblemKind"/>, also those of the framework.</summary>
internal static class Problems
{
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (Of(e, context.HttpContext) is { } problem)
        {
            return problem;
        }
    }

    /// <returns>Null for what is nobody's error: whoever asked is gone.</returns>
    /// <param name="http">Null where nobody asked: then only what passes by itself is a problem.</param>
    public static IResult? Of(Exception e, HttpContext? http) => e switch
    {
        OperationCanceledException => null,
        DomainException => KindOf((DomainException)e).Answer(e.Message),
        DamagedBlobException => ProblemKind.Damaged.Answer(e.Message),
        BadHttpRequestException faulty => ProblemKind.OfStatus(faulty.StatusCode).Answer(e.Message, faulty.StatusCode),
        PathTooLongException => ProblemKind.InvalidRequest.Answer("A name in the address is longer than the store can take: at most 255 bytes for each part of a path are possible."),
        TimeoutException => ProblemKind.Unavailable.Answer($"{e.Message} The workflow is busy or stopping: ask again."),
        IOException and not BlobNotFoundException => ProblemKind.Unavailable.Answer($"{OutsideText.WithoutPaths(e.Message).TrimEnd('.')}. Ask again in a while."),
        _ when DatabaseTrouble(e) is { } trouble => ProblemKind.Unavailable.Answer($"The database does not answer: {OutsideText.WithoutPaths(trouble.Message).TrimEnd('.')}. Ask again in a while."),
        _ => http is null ? null : Defect(e, http),
    };

    private static IResult Defect(Exception e, HttpContext http)
    {
        var trace = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Problems))
            .LogError(e, "{Method} {Route} failed (trace {Trace})", http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, trace);
        return ProblemKind.Defect.Answer($"{e.GetType().Name}: {OutsideText.WithoutPaths(e.Message)} This is a defect: the log has the rest, look for trace {trace}.");
    }

    /// <summary>The framework's own answers have no body: 404 for an address, 405, 415, JSON that cannot be read, ….</summary>
    public static void UseOn(IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Routes.Root), api => api.UseStatusCodePages(ExplainAsync));

    /// <summary>What each type means, at the address that the type is.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(ProblemKind.Root, () => ProblemKind.All.Select(Words)).AllowAnonymous().ExcludeFromDescription();
        app.MapGet($"{ProblemKind.Root}/{{name}}", (string name) => ProblemKind.All.FirstOrDefault(kind => kind.Name == name) is { } kind
            ? Results.Ok(Words(kind))
            : ProblemKind.UnknownName.Answer($"There is no problem '{name}'. GET {ProblemKind.Root} lists them.")).AllowAnonymous().ExcludeFromDescription();
    }

    private static object Words(ProblemKind kind) => new { kind.Type, kind.Status, kind.Title, kind.Meaning };

    private static Task ExplainAsync(StatusCodeContext context)
    {
        var (request, status) = (context.HttpContext.Request, context.HttpContext.Response.StatusCode);
        var kind = ProblemKind.OfStatus(status);
        return kind.Answer($"{request.Method} {request.Path}: {ReasonPhrases.GetReasonPhrase(status)}. {kind.Meaning}", status).ExecuteAsync(context.HttpContext);
    }

    private static ProblemKind KindOf(DomainException e) => e switch
    {
        UnknownNameException => ProblemKind.UnknownName,
        ConflictException => ProblemKind.Conflict,
        GoneException => ProblemKind.Withdrawn,
        TooManyException => ProblemKind.TooMany,
        TooLargeException => ProblemKind.TooLarge,
        QuotaExceededException => ProblemKind.QuotaExceeded,
        _ => ProblemKind.InvalidRequest,
    };

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
