using VerSemi.Domain;

namespace VerSemi.Cli.Drills;

/// <summary>A service's process that a signal can reach.</summary>
internal static class ServiceOnThisMachine
{
    /// <summary>machine-pid-guid, as a trainer names itself; a machine's name may have hyphens too.</summary>
    public static (string Machine, int Pid)? OfWorker(string worker)
    {
        var parts = worker.Split('-');
        return parts.Length >= 3 && int.TryParse(parts[^2], out var pid) ? (string.Join('-', parts[..^2]), pid) : null;
    }

    /// <summary>Its process id, once it is certain that it is that service's and nobody else's.</summary>
    /// <param name="program">A part of its command line, as VerSemi.GpuTrainer.</param>
    public static int Require(string what, (string Machine, int Pid)? where, string program)
    {
        if (where is not var (machine, pid))
            throw new DomainException($"Of {what} the platform does not say in which process it runs. Give --inject.");
        if (machine != Environment.MachineName)
            throw new DomainException($"{what} runs on machine {machine}, which no signal from {Environment.MachineName} reaches. Give --inject, for instance \"kubectl -n versemi delete pod … --grace-period=0 --force\".");
        var commandLine = CommandLineOf(pid);
        if (!commandLine.Contains(program, StringComparison.Ordinal))
            throw new DomainException($"{what} should be process {pid}, but that is {(commandLine.Length == 0 ? "not there" : $"'{commandLine}'")} and not {program} alone. A drill breaks one service: run the services as processes of their own, or give --inject.");
        return pid;
    }

    private static string CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
