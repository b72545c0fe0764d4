using System.Text.Json;
using VerSemi.Cli.Hosting;
using VerSemi.Domain;

namespace VerSemi.Cli.Client;

/// <param name="ExpiresAt">Null: its holder does not know.</param>
internal sealed record Credential(string Token, DateTimeOffset? ExpiresAt = null);

/// <summary>The tokens of `versemi login`, by platform, in a file of this user: $XDG_CONFIG_HOME/versemi/credentials.json.</summary>
internal static class Credentials
{
    /// <summary>In place of the file, for programs.</summary>
    public const string Variable = "VERSEMI_TOKEN";

    public static string File => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "versemi", "credentials.json");

    /// <summary>Null: nobody signed in there.</summary>
    /// <exception cref="DomainException">Others can read the file, it is spoilt, or the token has run out.</exception>
    public static string? TokenFor(Uri server, TimeProvider time)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return given;
        var found = Read().GetValueOrDefault(NameOf(server));
        return found?.ExpiresAt <= time.GetUtcNow()
            ? throw new DomainException($"The sign-in at {server} has run out. Sign in again: versemi login --server {server}")
            : found?.Token;
    }

    public static void Keep(Uri server, Credential credential)
    {
        var all = Read();
        all[NameOf(server)] = credential;
        Write(all);
    }

    /// <returns>False: there was none.</returns>
    public static bool Forget(Uri server)
    {
        var all = Read();
        var had = all.Remove(NameOf(server));
        if (had)
            Write(all);
        return had;
    }

    private static SortedDictionary<string, Credential> Read()
    {
        if (!System.IO.File.Exists(File))
            return [];
        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, Credential>>(OwnFile.Read(File), DomainJson.Readable) ?? [];
        }
        catch (JsonException e)
        {
            throw new DomainException($"{File} is no list of sign-ins: {e.Message} Remove it, and sign in again.", e);
        }
    }

    private static void Write(SortedDictionary<string, Credential> all) => OwnFile.Write(File, JsonSerializer.Serialize(all, DomainJson.Readable));

    private static string NameOf(Uri server) => server.AbsoluteUri.TrimEnd('/');
}
