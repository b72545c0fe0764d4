namespace VerSemi.Cli;

internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as a shell reports it.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command was asked for something it does not offer: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
