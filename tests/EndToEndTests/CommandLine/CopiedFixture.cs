using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>Commands on a copy of the promoted data folder, on which no platform runs: they may change it.</summary>
public sealed class CopiedFixture(PromotedFixture promoted) : CommandFixture, IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public ValueTask InitializeAsync()
    {
        SetDataset(promoted.Dataset);
        FolderCopy.Make(promoted.AsPromoted, _folder["data"]);
        return ValueTask.CompletedTask;
    }

    public override Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        VersemiProcess.RunAsync([.. arguments, "--data", _folder["data"]], RunningPlatform.Quick, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
