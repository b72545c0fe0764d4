using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Api;

/// <summary>
/// A POST with an Idempotency-Key is carried out once: sent again, it gets the first one's answer
/// (draft-ietf-httpapi-idempotency-key-header). Goes through all replicas, by a row.
/// </summary>
internal sealed class Idempotency(IServiceScopeFactory scopes, OrchestratorOptions options, TimeProvider time)
{
    public const string Header = "Idempotency-Key", Replayed = "Idempotency-Replayed";

    /// <summary>Larger bodies are images on their way: these count by length and type, not by content.</summary>
    private const int MostHashed = 1 << 20;
    private const int LongestKey = 255;

    /// <summary>Put after authentication: a key belongs to whoever uses it. A new token's secret is said once, and kept nowhere.</summary>
    public static void UseOn(IApplicationBuilder app) => app.UseWhen(
        context => HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments(Routes.Root) && context.GetEndpoint()?.Metadata.GetMetadata<SecretAnswer>() is null && context.Request.Headers.ContainsKey(Header),
        api => api.Use((context, next) => context.RequestServices.GetRequiredService<Idempotency>().RunAsync(context, next)));

    private async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            var key = KeyOf(context);
            var (request, owner) = (await FingerprintAsync(context.Request), Guid.NewGuid().ToString("N"));
            var there = await WithAsync(answers => answers.BeginAsync(key, request, owner, context.RequestAborted));
            if (there is null)
                await CarryOutAsync(context, next, key, owner);
            else
                await (there switch
                {
                    _ when there.Request != request => ProblemKind.KeyReused.Answer($"This {Header} was used for another request. Use a new one for a new request.").ExecuteAsync(context),
                    { Status: null } => ProblemKind.InProgress.Answer($"The first request with this {Header} has no answer yet. Send it again in a while.").ExecuteAsync(context),
                    _ => ReplayAsync(context, there),
                });
        }
        catch (Exception e) when (!context.Response.HasStarted && Problems.Of(e, context) is { } problem)
        {
            await problem.ExecuteAsync(context);
        }
    }

    private async Task CarryOutAsync(HttpContext context, RequestDelegate next, string key, string owner)
    {
        var (body, kept) = (context.Response.Body, new MemoryStream());
        context.Response.Body = kept;
        using var ended = new CancellationTokenSource();
        var holding = HoldAsync(key, owner, ended.Token);
        var isAnswered = false;
        try
        {
            await next(context);
            isAnswered = IsAnswer(context.Response.StatusCode);
        }
        finally
        {
            context.Response.Body = body;
            await ended.CancelAsync();
            await holding;
            // Whoever asked may be gone: what was done is kept for his next try.
            var response = context.Response;
            await WithAsync(answers => isAnswered
                ? answers.EndAsync(key, owner, response.StatusCode, response.ContentType, response.Headers.Location, kept.ToArray(), CancellationToken.None)
                : answers.ForgetAsync(key, owner, CancellationToken.None));
        }
        kept.Position = 0;
        await kept.CopyToAsync(body, context.RequestAborted);
    }

    /// <summary>What would be otherwise at the next try is not kept: trouble of ours, too much at once, or whoever asked was not let in.</summary>
    private static bool IsAnswer(int status) => status is < 500 and not (StatusCodes.Status429TooManyRequests or StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden);

    private static async Task ReplayAsync(HttpContext context, IdempotencyRow there)
    {
        var response = context.Response;
        (response.StatusCode, response.ContentType, response.Headers[Replayed]) = (there.Status!.Value, there.ContentType, "true");
        if (there.Location is { } location)
            response.Headers.Location = location;
        await response.Body.WriteAsync(there.Body ?? [], context.RequestAborted);
    }

    /// <summary>While it is being carried out, however long an upload takes, nobody takes it for dead.</summary>
    private async Task HoldAsync(string key, string owner, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(options.Idempotency.TakeOverAfter / 3, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
                return;
            try
            {
                await WithAsync(answers => answers.GoOnAsync(key, owner, ended));
            }
            catch (Exception) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Problems.Of(e, null) is not null)
            {
                // Tried again; the row is another's only after three of these.
            }
        }
    }

    private static string KeyOf(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString().Trim().Trim('"');
        if (key.Length is 0 or > LongestKey || key.Any(c => c is < ' ' or > '~'))
            throw new DomainException($"{Header} has {key.Length} characters: 1 to {LongestKey} of visible ASCII are possible, a UUID for example.");
        var who = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? context.User.Identity?.Name ?? "";
        return ContentHash.OfText($"{who}\n{key}");
    }

    private static async Task<string> FingerprintAsync(HttpRequest request)
    {
        var line = $"{request.Method} {request.PathBase}{request.Path}{request.QueryString} {request.ContentType?.Split(';')[0]}";
        if (request.ContentLength is not (>= 0 and <= MostHashed) && !request.HasJsonContentType())
            return ContentHash.OfText($"{line} {request.ContentLength}");
        // Beyond the request's own limit, which the endpoint checks, nothing is read here either.
        var limit = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        request.EnableBuffering(MostHashed, limit ?? long.MaxValue);
        var hash = await SHA256.HashDataAsync(request.Body, request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return ContentHash.OfText($"{line} {Convert.ToHexStringLower(hash)}");
    }

    private async Task<T> WithAsync<T>(Func<KeptAnswers, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<KeptAnswers>());
    }

    private async Task WithAsync(Func<KeptAnswers, Task> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<KeptAnswers>());
    }
}
