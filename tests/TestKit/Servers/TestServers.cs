using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VerSemi.TestKit.Servers;

/// <summary>What every test server needs.</summary>
public static class TestServers
{
    /// <summary>Locked files, one a port: open as long as this process lives.</summary>
    private static readonly ConcurrentBag<FileStream> _claims = [];
    private static readonly string _claimFolder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "versemi-ports")).FullName;

    /// <summary>
    /// A loopback port that is free now, and that neither this test process nor another one beside it is given again. It
    /// lies below those that the kernel gives to connections (32768 and up): a server that is started again on its port
    /// must not find a client on it.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            if (!Claim(port))
                continue;
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another program's.
            }
        }
    }

    private static bool Claim(int port)
    {
        try
        {
            _claims.Add(new FileStream(Path.Combine(_claimFolder, $"{port}"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
            return true;
        }
        catch (IOException)
        {
            // Another test's.
            return false;
        }
    }

    /// <summary>The program's path. Where it is missing the test is skipped, or fails where CI is set.</summary>
    /// <param name="folders">Looked into before PATH.</param>
    public static string RequireProgram(string name, params string[] folders) =>
        folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? throw Missing(name);

    /// <summary>Runs a program to its end. <see cref="InvalidOperationException"/> with its words where it exits with another code than 0.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellation = default)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList)} exited with {process.ExitCode}: {await errors}{await output}");
    }

    public static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>To be thrown where a test cannot run here: it is skipped, or fails where CI is set.</summary>
    public static Exception Missing(string name, string why = "is not installed") => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
        ? new ServerMissingException(name, why)
        : new InvalidOperationException($"'{name}' {why}, and CI runs every test.");
}

/// <summary>A test that throws it is skipped: xunit v3 knows a skip by how its message starts.</summary>
public sealed class ServerMissingException(string program, string why) : Exception($"$XunitDynamicSkip$'{program}' {why}.");
