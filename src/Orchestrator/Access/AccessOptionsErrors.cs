using System.Net;
using Microsoft.Extensions.Options;

namespace VerSemi.Orchestrator.Access;

/// <summary>All faults of the options at once.</summary>
internal sealed class AccessOptionsErrors : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var errors = Of(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Of(AccessOptions o)
    {
        foreach (var error in OfIssuer("Access:OpenIdConnect", o.OpenIdConnect).Concat(OfIssuer("Access:Jwt", o.Jwt)))
            yield return error;
        if (o.OpenIdConnect.IsOn && o.OpenIdConnect.ClientId.Length == 0)
            yield return "Access:OpenIdConnect:ClientId is empty: give the id under which the issuer knows this platform.";
        if (!o.OpenIdConnect.IsOn && (o.OpenIdConnect.ClientId.Length > 0 || o.OpenIdConnect.ClientSecret.Length > 0))
            yield return "Access:OpenIdConnect:Authority is empty: give the issuer's address, or remove ClientId and ClientSecret.";
        if (o.OpenIdConnect.DeviceClientId.Length > 0 && !o.Jwt.IsOn)
            yield return "Access:OpenIdConnect:DeviceClientId needs Access:Jwt, as what a device code gives is an access token.";
        if (o.Jwt.IsOn && o.Jwt.Audience.Length == 0)
            yield return "Access:Jwt:Audience is empty: without it, tokens that were made for others would be taken.";
        if (!o.Jwt.IsOn && o.Jwt.Audience.Length > 0)
            yield return "Access:Jwt:Authority is empty: give the issuer's address, or remove Audience.";
        if (o.Hosts.Any(host => host.Length == 0 || host.Contains('/') || (host == "*" && o.IsOpen)))
            yield return $"Access:Hosts is '{string.Join("', '", o.Hosts)}': names without scheme and path are possible, as versemi.example.org or *.example.org; '*' only with authentication.";
        foreach (var proxy in o.Proxies.Where(proxy => !IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _)))
            yield return $"Access:Proxies has '{proxy}': an address or a network as 10.0.0.0/8 is possible.";
        if (o.Session <= TimeSpan.Zero)
            yield return $"Access:Session is {o.Session}: it must be above zero.";
        foreach (var error in OfLimits(o.Limits).Concat(o.Keys.Errors()))
            yield return error;
    }

    private static IEnumerable<string> OfIssuer(string section, IssuerOptions o)
    {
        if (o.IsOn && !(Uri.TryCreate(o.Authority, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))))
            yield return $"{section}:Authority is '{o.Authority}': an https address is possible (http on loopback alone), e.g. https://login.microsoftonline.com/TENANT/v2.0.";
        if (o.RoleClaim.Length == 0 || o.NameClaim.Length == 0)
            yield return $"{section}:RoleClaim and NameClaim must not be empty.";
        foreach (var (value, role) in o.Roles.Where(pair => Principals.ParseRole(pair.Value) is null))
            yield return $"{section}:Roles:{value} is '{role}': viewer, operator, approver or admin is possible.";
    }

    private static IEnumerable<string> OfLimits(LimitOptions o)
    {
        foreach (var (setting, value, least) in new (string, long, long)[]
        {
            ("RequestsPerSecond", o.RequestsPerSecond, 1), ("RequestsAtOnce", o.RequestsAtOnce, o.RequestsPerSecond), ("RequestBytes", o.RequestBytes, 1024),
            ("DropBytes", o.DropBytes, 1), ("IncomingBytes", o.IncomingBytes ?? 1, 1),
        })
            if (value < least)
                yield return $"Access:Limits:{setting} is {value}: at least {least} is possible.";
        if (!(o.UploadBytesPerSecond >= 0))
            yield return $"Access:Limits:UploadBytesPerSecond is {o.UploadBytesPerSecond}: 0 or above is possible.";
        if (o.UploadGrace < TimeSpan.FromSeconds(2))
            yield return $"Access:Limits:UploadGrace is {o.UploadGrace}: at least two seconds are possible.";
    }
}
