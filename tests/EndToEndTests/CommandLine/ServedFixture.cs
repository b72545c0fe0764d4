using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>`versemi up` on a copy of the promoted data folder; every command goes to its address by --server.</summary>
public sealed class ServedFixture(PromotedFixture promoted) : CommandFixture, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private RunningPlatform _platform = null!;

    public async ValueTask InitializeAsync()
    {
        SetDataset(promoted.Dataset);
        FolderCopy.Make(promoted.AsPromoted, _folder["data"]);
        _platform = await RunningPlatform.StartAsync(_folder["data"], promoted.Scenario.Recipe, TestContext.Current.CancellationToken);
    }

    public override Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        VersemiProcess.RunAsync([.. arguments, "--server", _platform.Address], cancellation: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
            await _platform.DisposeAsync();
        _folder.Dispose();
    }
}
