using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Orchestrator.Access;

/// <summary>How fast one client may ask, and how slowly it may send.</summary>
internal static class Limits
{
    public static void Configure(KestrelServerOptions kestrel, LimitOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MinRequestBodyDataRate = options.UploadBytesPerSecond > 0 ? new MinDataRate(options.UploadBytesPerSecond, options.UploadGrace) : null;
    }

    public static void Configure(RateLimiterOptions limiter, LimitOptions options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(ClientOf(context), _ => new()
        {
            TokenLimit = options.RequestsAtOnce,
            TokensPerPeriod = options.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));
        limiter.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            return new ValueTask(ProblemKind.TooMany.Answer($"These are more than {options.RequestsAtOnce} requests at once, or {options.RequestsPerSecond} a second for long. Ask again in {wait} s.").ExecuteAsync(rejected.HttpContext));
        };
    }

    private static string ClientOf(HttpContext context) =>
        Principals.NameOf(context.User) is { Length: > 0 } name && Principals.HowOf(context.User) is { } how ? $"{how} {name}" : $"from {context.Connection.RemoteIpAddress}";
}
