namespace VerSemi.Orchestrator.Api;

/// <summary>The ways in.</summary>
/// <param name="Open">Nobody has to say who they are; the platform serves its own machine alone.</param>
/// <param name="Device">Null where the issuer gives programs of people no device code.</param>
public sealed record AccessView(bool Open, bool Tokens, bool OpenIdConnect, DeviceCodeView? Device);

/// <summary>What a device code (RFC 8628) is asked for with.</summary>
public sealed record DeviceCodeView(string Authority, string ClientId, IReadOnlyList<string> Scopes);

/// <param name="Roles">All that the one has, the least first: viewer, operator, approver, admin.</param>
/// <param name="How">"open", "token", "oidc" or "jwt".</param>
public sealed record MeView(string Name, IReadOnlyList<string> Roles, string How);

/// <param name="Name">Who or what will act by it.</param>
/// <param name="Role">viewer, operator, approver or admin.</param>
/// <param name="ExpiresAt">When it ends; this or <paramref name="NoExpiry"/> is required.</param>
/// <param name="NoExpiry">True: it holds until it is revoked.</param>
public sealed record NewToken(string Name, string Role, DateTimeOffset? ExpiresAt = null, bool NoExpiry = false);

/// <param name="Holds">False: it was revoked, or has run out.</param>
public sealed record TokenView(
    string Id, string Name, string Role, bool Holds, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? RevokedBy);

/// <param name="Secret">The token itself. It is shown this once.</param>
public sealed record AddedToken(TokenView Token, string Secret);

/// <param name="Who">Empty where nobody could be told.</param>
/// <param name="How">As in <see cref="MeView"/>.</param>
/// <param name="From">The address that the request came from.</param>
/// <param name="Act">Method and pattern of the endpoint, or what it calls itself.</param>
/// <param name="Subject">The path that was asked for.</param>
/// <param name="Status">Of the answer, as of HTTP; 499: who asked went away; null: the process died within the act, or it goes on.</param>
public sealed record AuditView(long Id, DateTimeOffset At, string Who, string How, string? From, string Act, string Subject, string? Why, int? Status);
