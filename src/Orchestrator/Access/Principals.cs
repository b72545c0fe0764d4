using System.Security.Claims;

namespace VerSemi.Orchestrator.Access;

/// <summary>Who asks, the same whatever way it was told: a name, a role, how. Claims of an issuer are left behind.</summary>
public static class Principals
{
    private const string NameClaim = "name";
    private const string RoleClaim = "role";
    internal const string TokenClaim = "token";

    private static readonly string[] OtherNames = ["name", "preferred_username", "azp", "appid", "client_id", "sub"];

    /// <summary>Empty where it is nobody.</summary>
    public static string NameOf(ClaimsPrincipal who) => who.Identity is { IsAuthenticated: true, Name: { } name } ? name : "";

    /// <summary>Null for nobody, and for somebody who may nothing.</summary>
    public static Role? RoleOf(ClaimsPrincipal who) => who.Identity is { IsAuthenticated: true } ? ParseRole(who.FindFirstValue(RoleClaim)) : null;

    /// <summary>A word of <see cref="SignIn"/>; empty for nobody.</summary>
    public static string HowOf(ClaimsPrincipal who) => who.Identity is { IsAuthenticated: true, AuthenticationType: { } how } ? how : "";

    public static bool May(ClaimsPrincipal who, Role needed) => RoleOf(who) >= needed;

    public static string Word(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Null where it is no role's word.</summary>
    public static Role? ParseRole(string? word) => word is { Length: > 0 } && !char.IsDigit(word[0]) && Enum.TryParse<Role>(word, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : null;

    internal static ClaimsPrincipal Make(string name, Role? role, string how, string? token = null)
    {
        var identity = new ClaimsIdentity(how, NameClaim, RoleClaim);
        identity.AddClaim(new Claim(NameClaim, name));
        if (role is { } one)
            identity.AddClaim(new Claim(RoleClaim, Word(one)));
        if (token is not null)
            identity.AddClaim(new Claim(TokenClaim, token));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Who holds a static token.</summary>
    internal static ClaimsPrincipal Of(AccessTokenRow row) => Make(row.Name, ParseRole(row.Role), SignIn.Token, row.Id);

    /// <summary>Of several roles the highest counts. Who has none is known, and may nothing.</summary>
    internal static ClaimsPrincipal OfIssuer(ClaimsPrincipal claims, IssuerOptions options, string how)
    {
        var name = OtherNames.Prepend(options.NameClaim).Select(claims.FindFirstValue).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? "?";
        var roles = claims.FindAll(options.RoleClaim).Select(claim => ParseRole(options.Roles.GetValueOrDefault(claim.Value, claim.Value)));
        return Make(name, roles.Max(), how);
    }
}
