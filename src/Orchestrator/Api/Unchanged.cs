using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace VerSemi.Orchestrator.Api;

/// <summary>Who asks again and says what he has (If-None-Match) gets 304 where it is still the same (RFC 9110, 13.1.2): no list is sent twice.</summary>
internal static class Unchanged
{
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        var http = context.HttpContext;
        if (answer is null or IResult || !HttpMethods.IsGet(http.Request.Method))
            return answer;
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), options);
        // Weak: compression on the way may change the bytes, not what they say.
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 12))}\"";
        (http.Response.Headers.ETag, http.Response.Headers.CacheControl) = (tag, "private, no-cache");
        return http.Request.Headers.IfNoneMatch.Any(known => known is "*" || (known ?? "").Split(',').Any(one => one.Trim() == tag))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(json, "application/json; charset=utf-8");
    }
}
