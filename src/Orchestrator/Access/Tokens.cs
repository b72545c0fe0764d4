using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Access;

/// <summary>Static tokens: made, shown once, known again by their hash, revoked.</summary>
public sealed class Tokens(OrchestratorDb db)
{
    /// <summary>What every token begins with, so that one that leaked is recognised.</summary>
    public const string Prefix = "versemi_";

    private const int SecretBytes = 32;
    private const int LongestName = 100;

    /// <returns>The row, and the token itself: it is nowhere else.</returns>
    /// <exception cref="DomainException">The name is none, or in use; the end has passed.</exception>
    public async Task<(AccessTokenRow Row, string Token)> AddAsync(string name, Role role, DateTimeOffset? expiresAt, string by, CancellationToken cancellation)
    {
        var now = db.Clock.Now;
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl))
            throw new DomainException($"'{name}' cannot name a token: say who or what will act by it, in at most {LongestName} characters.");
        if (expiresAt <= now)
            throw new DomainException($"The token's end, {expiresAt:O}, has passed: give a later one, or none.");
        if ((await db.AccessTokens.AsNoTracking().Where(row => row.Name == name && row.RevokedAt == null).ToListAsync(cancellation)).Find(row => row.HoldsAt(now)) is { } same)
            throw new ConflictException($"There is a token '{name}' already ({same.Id}). Revoke it with `versemi tokens revoke {same.Id}`, or choose another name: the name is who acts, in the ledger.");
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var token = $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var row = new AccessTokenRow { Id = id, Name = name, Role = Principals.Word(role), Hash = HashOf(token), CreatedAt = now, CreatedBy = by, ExpiresAt = expiresAt };
        db.AccessTokens.Add(row);
        await db.SaveChangesAsync(cancellation);
        return (row, token);
    }

    /// <summary>Null where there is none, or it does not hold any more.</summary>
    internal async Task<AccessTokenRow?> FindAsync(string token, CancellationToken cancellation)
    {
        var hash = HashOf(token);
        return Holding(await db.AccessTokens.AsNoTracking().FirstOrDefaultAsync(row => row.Hash == hash, cancellation));
    }

    /// <summary>As <see cref="FindAsync"/>, for a browser's session that one began.</summary>
    internal async Task<AccessTokenRow?> FindByIdAsync(string id, CancellationToken cancellation) =>
        Holding(await db.AccessTokens.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation));

    /// <summary>Newest first, also those that hold no more.</summary>
    public async Task<List<AccessTokenRow>> ListAsync(CancellationToken cancellation) =>
        await db.AccessTokens.AsNoTracking().OrderByDescending(row => row.CreatedAt).ToListAsync(cancellation);

    /// <summary>From now on it is refused, and so is every session that it began. Again: no change.</summary>
    public async Task<AccessTokenRow> RevokeAsync(string id, string by, CancellationToken cancellation)
    {
        var row = await db.AccessTokens.FirstOrDefaultAsync(token => token.Id == id, cancellation)
            ?? throw new UnknownNameException($"There is no token '{id}'. `versemi tokens list` lists them by their ids.");
        if (row.RevokedAt is null)
            (row.RevokedAt, row.RevokedBy) = (db.Clock.Now, by);
        await db.SaveChangesAsync(cancellation);
        return row;
    }

    private AccessTokenRow? Holding(AccessTokenRow? row) => row is not null && row.HoldsAt(db.Clock.Now) ? row : null;

    // Of 256 random bits: no salt and no slow hash is needed.
    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
