namespace VerSemi.Platform.Startup;

/// <summary>A server that a process needs before it can work; asked again until it is there.</summary>
public interface IStartRequirement
{
    /// <summary>With its address, e.g. "PostgreSQL at db:5432". No secret.</summary>
    string Name { get; }

    /// <summary>Prepares what the process needs there, e.g. applies migrations. Idempotent: repeated after a failure.</summary>
    Task MeetAsync(CancellationToken cancellation);

    /// <summary>Classifies a failure of <see cref="MeetAsync"/>.</summary>
    StartFailure Explain(Exception failure);
}

public enum StartFailureKind
{
    /// <summary>Not reachable, or still starting: retried without a limit.</summary>
    Absent,

    /// <summary>The server answers and refuses. One that is still starting does so for a while: retried for <see cref="StartOptions.RefusedFor"/>.</summary>
    Refused,

    /// <summary>Not retryable.</summary>
    Wrong,
}

/// <param name="Reason">What happened and, for a refusal, what to do. No secret.</param>
public sealed record StartFailure(StartFailureKind Kind, string Reason);

/// <summary>How long a start is patient.</summary>
public sealed record StartOptions
{
    /// <summary>How long a server may refuse this process (user, password, right) before the start fails.</summary>
    public TimeSpan RefusedFor { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>The start has failed for a reason that the operator must remove; the message says which.</summary>
public sealed class StartFailedException(string message, Exception cause) : IOException(message, cause);
