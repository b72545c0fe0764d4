using System.Diagnostics;

namespace DurableTask.EntityFramework.Tests.Database;

/// <summary>DurableTask.TestWorker as a process of its own. Disposing kills it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <param name="effects">The file that its activities write to.</param>
    public static WorkerProcess Start(string effects, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DurableTask.TestWorker.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["EFFECTS"] = effects;
        // A process lives for a second: optimised code would come too late.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        return new WorkerProcess(Process.Start(start)!);
    }

    public Task<string?> ReadLineAsync(CancellationToken cancellation) => _process.StandardOutput.ReadLineAsync(cancellation).AsTask();

    /// <summary>137 where it was killed.</summary>
    public async Task<(int Code, string Output)> EndAsync(CancellationToken cancellation)
    {
        var (output, errors) = (_process.StandardOutput.ReadToEndAsync(cancellation), _process.StandardError.ReadToEndAsync(cancellation));
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, await output + await errors);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
