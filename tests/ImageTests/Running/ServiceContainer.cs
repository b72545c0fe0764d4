using VerSemi.ImageTests.Building;
using VerSemi.TestKit;

namespace VerSemi.ImageTests.Running;

/// <summary>
/// A service in its container, as a cluster runs it: no root, a read-only root file system but for /tmp and /scratch, no
/// capabilities, bounds on memory. The network is the machine's, where the test's servers are.
/// </summary>
internal sealed class ServiceContainer : IProgram
{
    /// <summary>Folders of the machine that a test names to its processes: an image has its own.</summary>
    private static readonly string[] OwnFolders = ["VERSEMI__BLOBS__CACHEFOLDER", "VERSEMI__INGEST__WORKFOLDER", "VERSEMI__TRAINER__SCRATCH"];

    private readonly string _name = $"versemi-{Guid.NewGuid():N}";
    private readonly VersemiProcess _podman;

    /// <param name="folder">Of files that the settings name; mounted at its own path.</param>
    public ServiceContainer(Image image, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, string memory)
    {
        List<string> run =
        [
            "run", "--rm", "--name", _name, "--label", $"versemi.test-run={Environment.GetEnvironmentVariable("VERSEMI_TEST_RUN")}", "--network", "host", "--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp:mode=1777", "--cap-drop", "all",
            "--security-opt", "no-new-privileges", "--memory", memory, "--ulimit", "nofile=1024:4096", "--ulimit", "nproc=1000:2000",
            // No timer, which would be systemd's: a test asks.
            "--health-interval", "disable", "--volume", $"{folder}:{folder}:ro",
        ];
        foreach (var (name, value) in environment.Where(pair => !OwnFolders.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)))
            run.AddRange(["--env", $"{name}={value}"]);
        _podman = VersemiProcess.Start(Podman.Start([.. run, image.Id, .. arguments]));
    }

    public int Id => _podman.Id;
    public bool HasExited => _podman.HasExited;
    public string Output => _podman.Output;
    public string Errors => _podman.Errors;

    public Task<int> WaitAsync(CancellationToken cancellation = default) => _podman.WaitAsync(cancellation);

    public Task KillAsync() => SignalAsync("KILL");

    public Task SignalAsync(string signal) => Podman.RunAsync("kill", "--signal", signal, _name);

    /// <summary>The image's health check, in the container.</summary>
    /// <returns>What podman and the check said.</returns>
    /// <exception cref="InvalidOperationException">It says that the service is not healthy.</exception>
    public async Task<string> CheckHealthAsync() => await Podman.RunAsync("healthcheck", "run", _name);

    /// <summary>What the kernel says of its first process: status, then mounts.</summary>
    public async Task<string> ProcessAsync()
    {
        var pid = await Podman.RunAsync("inspect", "--format", "{{.State.Pid}}", _name);
        return await File.ReadAllTextAsync($"/proc/{pid}/status") + await File.ReadAllTextAsync($"/proc/{pid}/mounts");
    }

    public async ValueTask DisposeAsync()
    {
        await Podman.RunAsync("rm", "--force", "--ignore", "--volumes", "--time", "0", _name);
        await _podman.DisposeAsync();
    }
}
