using System.Diagnostics;
using System.Text;

namespace VerSemi.TestKit;

/// <summary>The built command line, or a service, as a process of its own, as a user starts it. Disposing kills it.</summary>
public sealed class VersemiProcess : IProgram
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private bool _disposed;

    private VersemiProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <param name="project">Whose program: "Cli", or a service.</param>
    /// <param name="input">All of its standard input; null: that of this process.</param>
    public static VersemiProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string project = "Cli", string? input = null)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = input is not null };
        start.ArgumentList.Add(Repository.PathOf("src", project, "bin", Repository.Configuration, "net10.0", $"VerSemi.{project}.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Remove("VERSEMI_DATA");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Start(start);
        if (input is not null)
            using (var typed = process._process.StandardInput)
                typed.Write(input);
        return process;
    }

    /// <summary>Any program, its output kept.</summary>
    public static VersemiProcess Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return new VersemiProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellation = default)
    {
        await using var process = Start(arguments, environment);
        return (await process.WaitAsync(cancellation), process.Output, process.Errors);
    }

    public int Id => _process.Id;
    public bool HasExited => _disposed || _process.HasExited;
    public string Output => Read(_output);
    public string Errors => Read(_errors);

    public async Task<int> WaitAsync(CancellationToken cancellation = default)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await KillAsync();
        _process.Dispose();
    }

    private static void Keep(StringBuilder text, string? line)
    {
        if (line is not null)
            lock (text)
                text.AppendLine(line);
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
