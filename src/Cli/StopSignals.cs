using System.Runtime.InteropServices;

namespace VerSemi.Cli;

/// <summary>
/// The one owner of SIGINT and SIGTERM in this process. The first asks the command to stop, whatever it is doing; the
/// second, or patience running out, ends the process as the signal would have. Since .NET 10 a signal that meets no
/// handler ends the process on the spot, with nothing put in order, and System.CommandLine's own handlers come only when
/// a command first waits and go when it is done: so these come first and stay until the process is gone.
/// </summary>
internal static class StopSignals
{
    /// <summary>128 + SIGTERM, as a shell reports it.</summary>
    private const int Terminated = 143;

    private static readonly CancellationTokenSource Stop = new();
    private static readonly TaskCompletionSource<int> OutOfPatience = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Held: the finaliser of a registration takes it back.</summary>
    private static PosixSignalRegistration[] _registrations = [];

    /// <summary>To be called once, before anything else.</summary>
    /// <param name="command">Its token is cancelled by the first signal.</param>
    /// <param name="patience">How long the command may take to stop.</param>
    /// <returns>The command's own exit code, or the signal's where it does not come to an end in time.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> command, TimeSpan patience)
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, context => OnSignal(context, patience)))];
        return await await Task.WhenAny(command(Stop.Token), OutOfPatience.Task);
    }

    private static void OnSignal(PosixSignalContext context, TimeSpan patience)
    {
        if (Stop.IsCancellationRequested)
            return;
        context.Cancel = true;
        var code = context.Signal == PosixSignal.SIGINT ? ExitCodes.Interrupted : Terminated;
        _ = Task.Delay(patience).ContinueWith(_ => OutOfPatience.TrySetResult(code), TaskScheduler.Default);
        Stop.Cancel();
    }
}
