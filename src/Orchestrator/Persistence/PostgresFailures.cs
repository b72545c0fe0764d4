using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using VerSemi.Platform.Startup;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>What a failure to connect or to migrate means: is the server not there yet, or does it refuse?</summary>
internal static class PostgresFailures
{
    private const string Setting = "Orchestrator:Database:ConnectionString";

    public static StartFailure Explain(Exception failure)
    {
        var causes = Causes.Of(failure).ToList();
        if (causes.OfType<PostgresException>().FirstOrDefault() is { } answer)
            return OfAnswer(answer);
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
            return new StartFailure(StartFailureKind.Refused, $"no TLS connection: {tls.Message} Check SSL Mode and Root Certificate in {Setting}.");
        if (causes.FirstOrDefault(cause => cause is SocketException or IOException or TimeoutException or DbException { IsTransient: true }) is not null)
            return new StartFailure(StartFailureKind.Absent, causes[^1].Message);
        return new StartFailure(causes.OfType<NpgsqlException>().Any() ? StartFailureKind.Refused : StartFailureKind.Wrong, $"{causes[^1].Message} Check {Setting}.");
    }

    private static StartFailure OfAnswer(PostgresException answer)
    {
        var words = $"{answer.MessageText} ({answer.SqlState})";
        return answer.SqlState switch
        {
            "28P01" or "28000" => new StartFailure(StartFailureKind.Refused, $"{words}. Check Username and Password in {Setting}, and pg_hba.conf."),
            "3D000" => new StartFailure(StartFailureKind.Refused, $"{words}. Make the database (createdb), or name another one in {Setting}."),
            "42501" => new StartFailure(StartFailureKind.Refused, $"{words}. Grant the user the right, e.g. GRANT CREATE ON SCHEMA public, or make it the owner of the database."),
            // 08: connection, 23 and 40: another replica was faster, 53: no room, 55: in use, 57: starts, stops or cancels.
            _ => new StartFailure(answer.SqlState[..2] is "08" or "23" or "40" or "53" or "55" or "57" ? StartFailureKind.Absent : StartFailureKind.Refused, words),
        };
    }
}
