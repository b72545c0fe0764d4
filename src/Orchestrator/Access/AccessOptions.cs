using VerSemi.Orchestrator.Access.Keys;

namespace VerSemi.Orchestrator.Access;

/// <summary>Who may come in, and how. Section "Access". Where nothing of it is set, the platform is open, and serves its own machine alone.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Static tokens are taken, of programs and on the sign-in page.</summary>
    public bool Tokens { get; set; }

    /// <summary>People sign in at an issuer, in the browser.</summary>
    public PeopleOptions OpenIdConnect { get; } = new();

    /// <summary>Programs bring an issuer's access tokens.</summary>
    public MachineOptions Jwt { get; } = new();

    /// <summary>Names under which the platform is reached, beside the loopback ones: "versemi.example.org", "*.example.org".</summary>
    public List<string> Hosts { get; } = [];

    /// <summary>Addresses or networks (10.0.0.0/8) of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Without authentication, all other forwarded requests are refused.</summary>
    public List<string> Proxies { get; } = [];

    /// <summary>A browser that was not used for this long must sign in again. Above zero.</summary>
    public TimeSpan Session { get; set; } = TimeSpan.FromHours(12);
    public LimitOptions Limits { get; } = new();

    /// <summary>How the keys that protect sessions are encrypted at rest.</summary>
    public KeyOptions Keys { get; } = new();

    /// <summary>Nobody has to say who they are.</summary>
    public bool IsOpen => !Tokens && !OpenIdConnect.IsOn && !Jwt.IsOn;

    /// <summary>A browser can sign in.</summary>
    internal bool HasSessions => Tokens || OpenIdConnect.IsOn;
}

/// <summary>An OpenID Connect issuer, and which of its claims give which role.</summary>
public abstract class IssuerOptions
{
    /// <summary>The issuer's address, below which /.well-known/openid-configuration lies. Empty: not used.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The claim whose values are roles, or are made roles by <see cref="Roles"/>.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The claim that names who it is; where it is missing, "name", "preferred_username", "azp", "appid", "client_id" and "sub" are tried.</summary>
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>From a value of the role claim, in any case, to a role; beside it viewer, operator, approver and admin mean themselves.</summary>
    public Dictionary<string, string> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal bool IsOn => Authority.Length > 0;
}

/// <summary>Section "Access:OpenIdConnect".</summary>
public sealed class PeopleOptions : IssuerOptions
{
    public string ClientId { get; set; } = "";

    /// <summary>Secret. Empty: a public client, which PKCE alone protects.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Asked for beside "openid" and "profile".</summary>
    public List<string> Scopes { get; } = [];

    /// <summary>The public client by which `versemi login` asks for a device code; its access tokens are those of "Access:Jwt". Empty: it cannot.</summary>
    public string DeviceClientId { get; set; } = "";

    /// <summary>Asked for by the device code, e.g. "api://versemi/.default".</summary>
    public List<string> DeviceScopes { get; } = [];
}

/// <summary>Section "Access:Jwt".</summary>
public sealed class MachineOptions : IssuerOptions
{
    /// <summary>For whom a token must be made.</summary>
    public string Audience { get; set; } = "";
}

/// <summary>How much one client may ask for. Section "Access:Limits".</summary>
public sealed class LimitOptions
{
    /// <summary>Of one person or, before it is known who it is, one address; in the long run. At least 1.</summary>
    public int RequestsPerSecond { get; set; } = 200;

    /// <summary>At once. At least <see cref="RequestsPerSecond"/>.</summary>
    public int RequestsAtOnce { get; set; } = 2000;

    /// <summary>Of a request that is no upload. At least 1024.</summary>
    public int RequestBytes { get; set; } = 1 << 20;

    /// <summary>An upload that is slower than this is broken off; 0: none is.</summary>
    public double UploadBytesPerSecond { get; set; } = 240;

    /// <summary>How long an upload may take to get up to speed. At least two seconds.</summary>
    public TimeSpan UploadGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Of all files of one drop. At least 1.</summary>
    public long DropBytes { get; set; } = 1L << 40;

    /// <summary>Of everything in incoming/; null: as much as there is room for. At least 1.</summary>
    public long? IncomingBytes { get; set; }
}
