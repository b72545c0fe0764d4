using System.Text.Json.Nodes;
using VerSemi.DistributedKit;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests;

/// <summary>
/// A platform whose data folder nobody can reach, worked on by the command line alone: a drop of which some files are there
/// already becomes a promoted model, while the orchestrator dies and another takes its address.
/// </summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private DistributedSystem? _system;
    private ServiceProcess? _orchestrator;

    /// <summary>Files that lay there, whole, before the command came; one that had other content of the same length; one that the folder does not have.</summary>
    public const string Whole = "imagesTr/tiny_000.nii.gz", Outdated = "imagesTr/tiny_001.nii.gz", Foreign = "imagesTr/tiny_999.nii.gz";

    public Uri Server { get; private set; } = null!;
    public (int ExitCode, string Output, string Errors) Upload { get; private set; }
    public (int ExitCode, string Output, string Errors) Wait { get; private set; }

    /// <summary>Before and after the upload.</summary>
    public Dictionary<string, (BlobEntry? Before, BlobEntry? After)> Files { get; } = [];

    public DropState AfterUpload { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var recipe = QuickRecipe.Write(_folder["recipe.json"], steps: 60, checkpointEvery: 20);
        _system = await DistributedSystem.StartAsync(QuickSettings.With(
            // Nobody takes the traces there; but they are made.
            ("Orchestrator:Lines:main:Recipe", recipe), ("Telemetry:OtlpEndpoint", $"http://127.0.0.1:{TestServers.FreePort()}")), cancellation: cancellation);
        _orchestrator = await _system.AddAsync("Orchestrator", cancellation: cancellation);
        Server = _orchestrator.Url;
        var data = TinyDataset.Write(_folder["tiny"]);
        await UploadAsync(data, cancellation);
        await WaitAsync(data, cancellation);
    }

    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        VersemiProcess.RunAsync([.. arguments, "--server", $"{Server}"], cancellation: TestContext.Current.CancellationToken);

    /// <summary>An image of the drop that has no label.</summary>
    public string Unlabelled => _folder["tiny/imagesTs/tiny_010.nii.gz"];

    /// <summary>A worker for images that people send.</summary>
    public async Task<ServiceProcess> AddSegmenterAsync()
    {
        var worker = _system!.Start("GpuTrainer", ["--segmentation"]);
        await worker.ReadyAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        return worker;
    }

    /// <summary>The doctor of a service, with that service's settings but for some.</summary>
    public async Task<(int ExitCode, string Output)> ExamineAsync(string project, params (string Name, string Value)[] settings)
    {
        await using var doctor = _system!.Start(project, ["doctor"], settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        return (await doctor.WaitAsync(TestContext.Current.CancellationToken), doctor.Log);
    }

    public async Task<JsonNode> AskAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync([.. arguments, "--json"]);
        Assert.True(code == 0, errors);
        return JsonNode.Parse(output)!;
    }

    public async Task<JsonNode> ApiAsync(string route) => JsonNode.Parse(await _orchestrator!.Http.GetStringAsync(new Uri(Server, route), TestContext.Current.CancellationToken))!;

    private async Task UploadAsync(string data, CancellationToken cancellation)
    {
        await PutAsync(Whole, await File.ReadAllBytesAsync(Path.Combine(data, Whole), cancellation), cancellation);
        var other = await File.ReadAllBytesAsync(Path.Combine(data, Outdated), cancellation);
        // The time in gzip's header.
        other[4] ^= 1;
        await PutAsync(Outdated, other, cancellation);
        await PutAsync(Foreign, other, cancellation);
        var blobs = _system!.OpenBlobs();
        foreach (var file in new[] { Whole, Outdated, Foreign })
            Files[file] = (await blobs.FindAsync($"incoming/tiny/{file}", cancellation), null);
        Upload = await RunAsync("drop", data);
        foreach (var file in Files.Keys)
            Files[file] = (Files[file].Before, await blobs.FindAsync($"incoming/tiny/{file}", cancellation));
        AfterUpload = (await _orchestrator!.GetAsync<DropDetail>(Routes.Drop("tiny"), cancellation)).Drop.State;
    }

    private async Task WaitAsync(string data, CancellationToken cancellation)
    {
        await using var drop = VersemiProcess.Start(["drop", data, "--wait", "--server", $"{Server}"]);
        await _system!.AddAsync("Ingest", cancellation: cancellation);
        await _system.AddAsync("GpuTrainer", cancellation: cancellation);
        await Eventually.TrueAsync("a run is leased, and the command sees it", async () =>
            drop.Output.Contains("Cycle 1, Training", StringComparison.Ordinal)
            && (await _orchestrator!.GetAsync<List<RunView>>(Routes.Runs, cancellation)).Any(run => run.Attempt > 0), cancellation);
        await _orchestrator!.KillAsync();
        _orchestrator = await _system.AddAsync("Orchestrator", new Dictionary<string, string> { ["Service:Url"] = Server.ToString().TrimEnd('/') }, cancellation);
        Wait = (await drop.WaitAsync(cancellation), drop.Output, drop.Errors);
    }

    private async Task PutAsync(string file, byte[] content, CancellationToken cancellation)
    {
        using var answer = await _orchestrator!.Http.PutAsync(Routes.DropFile("tiny", file), new ByteArrayContent(content), cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
            await _system.DisposeAsync();
        _folder.Dispose();
    }
}
