using Microsoft.EntityFrameworkCore;

namespace VerSemi.Orchestrator.Access;

/// <summary>A static token: of itself only the hash. Never deleted, so that the ledger's names stay explained.</summary>
public sealed class AccessTokenRow
{
    /// <summary>Who acts by it; unique among those that are not revoked.</summary>
    public string Name { get; set; } = "";

    /// <summary>The first characters of the token: enough to tell two of one name apart, of no use to a thief.</summary>
    public string Id { get; set; } = "";

    /// <summary>SHA-256 of the whole token, lower-case hexadecimal digits.</summary>
    public string Hash { get; set; } = "";

    /// <summary>A word of <see cref="Role"/>.</summary>
    public string Role { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public string CreatedBy { get; set; } = "";

    /// <summary>Null: it holds until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public string? RevokedBy { get; set; }

    internal bool HoldsAt(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}

/// <summary>Who did what, or tried to, and what was answered. Written before the act, its status after it. Append-only.</summary>
public sealed class AuditRow
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>The name of who asked; empty where nobody could be told.</summary>
    public string Who { get; set; } = "";

    /// <summary>How that was known: a word of <see cref="SignIn"/>.</summary>
    public string How { get; set; } = "";

    /// <summary>The address that the request came from.</summary>
    public string? From { get; set; }

    /// <summary>The endpoint: method and pattern, or what it says of itself.</summary>
    public string Act { get; set; } = "";

    /// <summary>The path that was asked for.</summary>
    public string Subject { get; set; } = "";
    public string? Why { get; set; }

    /// <summary>Of the answer, an HTTP status; null where the process died within the act.</summary>
    public int? Status { get; set; }
}

/// <summary>A key of ASP.NET's data protection, as XML: cookies are read by every replica and after every restart.</summary>
public sealed class ProtectionKeyRow
{
    public string Name { get; set; } = "";
    public string Xml { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
}

internal static class AccessRows
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<AccessTokenRow>(token =>
        {
            token.ToTable("access_tokens").HasKey(t => t.Id);
            token.HasIndex(t => t.Hash).IsUnique();
            token.HasIndex(t => t.Name);
            token.Property(t => t.RevokedAt).IsConcurrencyToken();
        });
        model.Entity<AuditRow>(audit =>
        {
            audit.ToTable("audit").HasKey(a => a.Id);
            audit.HasIndex(a => a.Who);
        });
        model.Entity<ProtectionKeyRow>().ToTable("protection_keys").HasKey(k => k.Name);
    }
}
