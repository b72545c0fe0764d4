using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Orchestrator.Access.Keys;

namespace VerSemi.Orchestrator.Access;

internal static class AccessRegistration
{
    /// <summary>The options decide which ways in there are: they are needed now, and validated at start.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, Action<AccessOptions>? configure)
    {
        var options = new AccessOptions();
        configure?.Invoke(options);
        services.AddOptions<AccessOptions>().Configure(own => configure?.Invoke(own)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsErrors>();
        services.AddSingleton(options);
        services.TryAddSingleton(new LocalKey(null));
        services.AddScoped<Tokens>().AddSingleton<Guards>().AddSingleton<AuditLedger>().AddSingleton<UploadQuota>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedRequests>();
        services.AddSchemes(options);
        Needs.AddPolicies(services.AddAuthorizationBuilder());
        services.AddAntiforgery(antiforgery => (antiforgery.Cookie.SameSite, antiforgery.Cookie.Name) = (SameSiteMode.Strict, "versemi-form"));
        services.AddRateLimiter(limiter => Limits.Configure(limiter, options.Limits));
        services.Configure<KestrelServerOptions>(kestrel => Limits.Configure(kestrel, options.Limits));
        return services.AddProtection(options);
    }

    private static void AddSchemes(this IServiceCollection services, AccessOptions options)
    {
        var builder = services.AddAuthentication(authentication =>
            (authentication.DefaultScheme, authentication.DefaultSignInScheme, authentication.DefaultSignOutScheme) = (Schemes.Chooser, Schemes.Session, Schemes.Session));
        builder.AddPolicyScheme(Schemes.Chooser, null, chooser => chooser.ForwardDefaultSelector = context => Schemes.Choose(context, options));
        builder.AddScheme<AuthenticationSchemeOptions, OpenHandler>(Schemes.Open, null);
        builder.AddScheme<AuthenticationSchemeOptions, TokenHandler>(Schemes.Token, null);
        builder.AddCookie(Schemes.Session, cookie => Sessions.Configure(cookie, options));
        if (options.Jwt.IsOn)
            builder.AddJwtBearer(Schemes.Jwt, jwt => IssuerSchemes.Configure(jwt, options.Jwt));
        if (options.OpenIdConnect.IsOn)
            builder.AddOpenIdConnect(Schemes.OpenIdConnect, oidc => IssuerSchemes.Configure(oidc, options.OpenIdConnect));
    }

    private static IServiceCollection AddProtection(this IServiceCollection services, AccessOptions options)
    {
        services.AddDataProtection().SetApplicationName("VerSemi");
        services.AddOptions<KeyManagementOptions>().Configure<IServiceScopeFactory, OrchestratorOptions, ILogger<ProtectionKeys>>((keys, scopes, orchestrator, log) =>
        {
            keys.XmlRepository = new ProtectionKeys(scopes, options.Keys.IsOn, log);
            if (options.Keys.IsOn)
                keys.XmlEncryptor = new KeyEncryptor(options.Keys);
            else if (options.HasSessions && orchestrator.Database.IsPostgres)
                log.LogWarning("The keys of sessions lie unencrypted in PostgreSQL: who reads the database, or a backup of it, can sign in as anybody. Set Access:Keys:Passphrase or Access:Keys:Certificate.");
        });
        // What it warns of, unencrypted keys, is said above where it matters; in a SQLite file only its owner reads them.
        return services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
    }
}
