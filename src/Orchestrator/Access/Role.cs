namespace VerSemi.Orchestrator.Access;

/// <summary>What somebody may do. Each may all that the ones before it may.</summary>
public enum Role
{
    /// <summary>Sees everything, changes nothing.</summary>
    Viewer = 1,

    /// <summary>Drops, starts, cancels, retries, segments, schedules.</summary>
    Operator,

    /// <summary>Decides what is in production, and which tasks are one.</summary>
    Approver,

    /// <summary>Erases, imports, and gives access.</summary>
    Admin,
}

/// <summary>How it was told who asks.</summary>
public static class SignIn
{
    /// <summary>Not at all: the platform serves its own machine alone, everybody is its admin.</summary>
    public const string Open = "open";

    /// <summary>By a static token.</summary>
    public const string Token = "token";

    /// <summary>By OpenID Connect, in a browser.</summary>
    public const string OpenIdConnect = "oidc";

    /// <summary>By an access token of the issuer.</summary>
    public const string Jwt = "jwt";
}
