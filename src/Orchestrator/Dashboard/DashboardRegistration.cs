using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Dashboard;

namespace VerSemi.Orchestrator;

public static class DashboardRegistration
{
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddResponseCompression(compression => compression.EnableForHttps = true);
        return services.AddScoped<Questions>().AddScoped<Acts>().AddScoped<Reader>();
    }

    /// <summary>The pages at "/", and their scripts and styles, which lie in this assembly.</summary>
    public static WebApplication MapDashboard(this WebApplication app)
    {
        app.UseWhen(WebAssets.Has, assets => assets.UseResponseCompression().UseStaticFiles(WebAssets.Options));
        app.UseWhen(IsPage, pages => pages.UseStatusCodePagesWithRedirects("/missing"));
        app.UseAntiforgery();
        app.MapRazorComponents<Site>().AddInteractiveServerRenderMode().NeedsRole(Role.Viewer);
        return app;
    }

    /// <summary>What a browser shows: an address that is none gets words, not an empty answer.</summary>
    private static bool IsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api") && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
}
