using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
        services.Configure<ForwardedHeadersOptions>(forwarded => TrustProxies(forwarded, options.Proxies));
        return services.AddProtection();
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

    /// <summary>None is trusted but those of the settings.</summary>
    private static void TrustProxies(ForwardedHeadersOptions forwarded, List<string> proxies)
    {
        forwarded.ForwardedHeaders = proxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                forwarded.KnownIPNetworks.Add(network);
    }

    private static IServiceCollection AddProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("VerSemi");
        services.AddOptions<KeyManagementOptions>().Configure<IServiceScopeFactory>((keys, scopes) => keys.XmlRepository = new ProtectionKeys(scopes));
        // It warns that keys lie unencrypted: who reads that database can also write himself a token.
        return services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
    }
}
