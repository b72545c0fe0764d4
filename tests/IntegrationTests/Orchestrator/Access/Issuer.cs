using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>
/// A real OpenID Connect issuer on loopback (OpenIddict). Whoever comes by a browser is <see cref="Person"/> at once, and
/// approves every device code; a program that has its secret gets a token with <see cref="Roles"/>.
/// </summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "versemi";
    public const string Secret = "a-secret-of-the-test";

    /// <summary>Of every issuer of this process: an RSA key takes a second to find.</summary>
    private static readonly RsaSecurityKey _signingKey = NewKey(), _encryptionKey = NewKey();

    private readonly WebApplication _app;
    private readonly SqliteConnection _database;

    private Issuer(WebApplication app, SqliteConnection database) => (_app, _database) = (app, database);

    public string Address { get; private set; } = "";
    public string Person { get; set; } = "ann";
    public List<string> Roles { get; } = [];

    /// <summary>For whom access tokens are made.</summary>
    public string TokenAudience { get; set; } = Audience;

    public static async Task<Issuer> StartAsync(TimeProvider? time = null)
    {
        var database = new SqliteConnection("Data Source=:memory:");
        database.Open();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(new TestOutputLog());
        builder.Services.AddDbContext<DbContext>(options => options.UseSqlite(database).UseOpenIddict());
        builder.Services.AddOpenIddict().AddCore(core => core.UseEntityFrameworkCore().UseDbContext<DbContext>()).AddServer(Configure);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        var app = builder.Build();
        var issuer = new Issuer(app, database);
        app.UseAuthentication();
        app.MapMethods("/authorize", ["GET", "POST"], issuer.Authorize);
        app.MapMethods("/verify", ["GET", "POST"], issuer.Authorize);
        app.MapPost("/token", (Delegate)issuer.TokenAsync);
        await issuer.SeedAsync();
        await app.StartAsync();
        issuer.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/";
        return issuer;
    }

    private static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    private static void Configure(OpenIddictServerBuilder server)
    {
        server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetDeviceAuthorizationEndpointUris("device").SetEndUserVerificationEndpointUris("verify");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().AllowClientCredentialsFlow().AllowDeviceAuthorizationFlow();
        server.RegisterScopes(Scopes.Profile, "platform").SetAccessTokenLifetime(TimeSpan.FromHours(1));
        server.AddSigningKey(_signingKey).AddEncryptionKey(_encryptionKey).DisableAccessTokenEncryption();
        server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough().DisableTransportSecurityRequirement();
    }

    /// <summary>Before it starts: its clients, of which the dashboard's may return to any address of this machine that is registered later.</summary>
    private async Task SeedAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DbContext>().Database.EnsureCreatedAsync();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = "robot",
            ClientSecret = Secret,
            Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials, Permissions.Prefixes.Scope + "platform" },
        });
        await clients.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = "cli",
            ClientType = ClientTypes.Public,
            Permissions = { Permissions.Endpoints.Token, Permissions.Endpoints.DeviceAuthorization, Permissions.GrantTypes.DeviceCode, Permissions.Prefixes.Scope + "platform", Permissions.Scopes.Profile },
        });
    }

    /// <summary>The dashboard's client, which may return to this address alone.</summary>
    public async Task AddDashboardAsync(Uri home)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = "dashboard",
            ClientSecret = Secret,
            RedirectUris = { new Uri(home, "/signin-oidc") },
            Permissions = { Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.GrantTypes.AuthorizationCode, Permissions.ResponseTypes.Code, Permissions.Scopes.Profile },
        });
    }

    /// <summary>An access token by a program's own credentials (RFC 6749, 4.4).</summary>
    public async Task<string> RobotsTokenAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(Address + "token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "robot",
            ["client_secret"] = Secret,
            ["scope"] = "platform",
        }), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return System.Text.Json.JsonDocument.Parse(text).RootElement.TryGetProperty("access_token", out var token) ? token.GetString()! : throw new InvalidOperationException(text);
    }

    private IResult Authorize(HttpContext context) => Results.SignIn(MakePrincipal(Person, context.GetOpenIddictServerRequest()!.GetScopes()), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
            return Results.SignIn(MakePrincipal(request.ClientId!, request.GetScopes()), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var code = await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.AuthenticateAsync(context, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        return Results.SignIn(code.Principal!, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private ClaimsPrincipal MakePrincipal(string name, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("issuer", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, $"id-of-{name}").SetClaim(Claims.PreferredUsername, name);
        foreach (var role in Roles)
            identity.AddClaim(new Claim("roles", role));
        identity.SetScopes(scopes).SetResources(TokenAudience);
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
