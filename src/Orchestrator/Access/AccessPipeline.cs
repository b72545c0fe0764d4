using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Hosting;

namespace VerSemi.Orchestrator.Access;

internal static class AccessPipeline
{
    /// <summary>Before every endpoint. What can be told without a database comes first; the ledger sees whatever is refused behind it.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var guards = app.Services.GetRequiredService<Guards>();
        var options = app.Services.GetRequiredService<AccessOptions>();
        app.Use(SecureHeaders.SetAsync);
        ForwardedRequests.UseOn(app, options.IsOpen, options.Proxies, (context, reason) => ProblemKind.Forwarded.Answer(reason).ExecuteAsync(context));
        app.Use(guards.CheckAddressAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<AuditTrail>();
        app.Use(Guards.CheckOriginAsync);
        app.UseAuthorization();
    }
}
