using System.Diagnostics;
using System.Text.Json.Nodes;
using VerSemi.ImageTests.Building;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

[assembly: AssemblyFixture(typeof(BuiltImages))]

namespace VerSemi.ImageTests.Building;

/// <summary>The three images, each from its Dockerfile as it is, built once: when the first test asks.</summary>
public sealed class BuiltImages
{
    private readonly Lazy<Task<IReadOnlyDictionary<string, Image>>> _images = new(BuildAllAsync);

    public static IReadOnlyList<string> Projects { get; } = ["Orchestrator", "Ingest", "GpuTrainer"];

    public async Task<Image> OfAsync(string project) => (await _images.Value)[project];

    /// <summary>A service's image.</summary>
    /// <param name="options">More of `podman build`.</param>
    public static Task<Image> BuildAsync(string project, params IEnumerable<string> options) => BuildAsync(project, Repository.PathOf("src", project, "Dockerfile"), options);

    /// <summary>An image from any Dockerfile; its context is the repository.</summary>
    public static async Task<Image> BuildAsync(string name, string dockerfile, IEnumerable<string>? options = null)
    {
        using var folder = new TempFolder();
        await Podman.RunAsync([
            "build", "--file", dockerfile, "--iidfile", folder["id"],
            // Of the formats, this one knows HEALTHCHECK.
            "--format", "docker", "--isolation", "chroot", "--network", "host", "--pull=never", .. Machine(), .. options ?? [], Repository.Root,
        ]);
        var id = (await File.ReadAllTextAsync(folder["id"])).Trim();
        return new Image(name, id, JsonNode.Parse(await Podman.RunAsync("image", "inspect", id))![0]!);
    }

    private static async Task<IReadOnlyDictionary<string, Image>> BuildAllAsync()
    {
        using var folder = new TempFolder();
        // What earlier runs left and nothing refers to any more.
        await Podman.RunAsync("image", "prune", "--force", "--filter", "until=48h");
        await TestServers.RunAsync(new ProcessStartInfo(Repository.PathOf("tests", "ImageTests", "Building", "stand-ins.sh"), [folder.Path, .. Podman.Command]));
        return (await Task.WhenAll(Projects.Select(project => BuildAsync(project)))).ToDictionary(image => image.Project);
    }

    /// <summary>This machine's SDK, packages and package sources, for the build alone: none of it gets into an image.</summary>
    private static IEnumerable<string> Machine()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var dotnet = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))))!;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set ? set : Path.Combine(home, ".nuget", "packages");
        foreach (var (from, to) in new[]
        {
            (dotnet, "/usr/share/dotnet:ro"), (Path.Combine(home, ".nuget", "NuGet", "NuGet.Config"), "/root/.nuget/NuGet/NuGet.Config:ro"), ("/etc/ssl/certs", "/etc/ssl/certs:ro"),
            // O: what the build writes there is gone with it.
            (packages, "/root/.nuget/packages:O"),
        }.Where(mount => Path.Exists(mount.Item1)))
        {
            yield return "--volume";
            yield return $"{from}:{to}";
        }
    }
}

/// <summary>A built image and what podman says of it.</summary>
public sealed record Image(string Project, string Id, JsonNode Inspected)
{
    public string Program => $"/app/VerSemi.{Project}";
    public JsonNode Config => Inspected[nameof(Config)]!;
    public long Bytes => Inspected["Size"]!.GetValue<long>();

    public IReadOnlyDictionary<string, string> Environment =>
        Config["Env"]!.AsArray().Select(entry => entry!.GetValue<string>().Split('=', 2)).ToDictionary(entry => entry[0], entry => entry[1]);

    /// <summary>Paths of the files of its program, relative to /app, with their bytes.</summary>
    public Task<IReadOnlyDictionary<string, long>> ProgramFilesAsync() => LookAsync<IReadOnlyDictionary<string, long>>(app =>
        app.EnumerateFiles("*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(app.FullName, file.FullName), file => file.Length));

    /// <summary>A file of its program.</summary>
    public Task<T> ReadAsync<T>(string file, Func<Stream, T> read) => LookAsync(app =>
    {
        using var stream = File.OpenRead(Path.Combine(app.FullName, file));
        return read(stream);
    });

    private async Task<T> LookAsync<T>(Func<DirectoryInfo, T> look)
    {
        var root = await Podman.RunAsync("image", "mount", Id);
        try
        {
            return look(new DirectoryInfo(Path.Combine(root, "app")));
        }
        finally
        {
            await Podman.RunAsync("image", "unmount", Id);
        }
    }
}
