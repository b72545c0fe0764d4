using VerSemi.EndToEndTests.CommandLine;
using VerSemi.TestKit;

[assembly: AssemblyFixture(typeof(PromotedFixture))]

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>A data folder in which `versemi drop --wait`, with no platform running, has made one model.</summary>
public sealed class PromotedFixture : CommandFixture, IAsyncLifetime
{
    public Scenario Scenario { get; } = new();

    /// <summary>The data folder before any test: no command ever has it open.</summary>
    public string AsPromoted => Scenario["as-promoted"];

    public (int ExitCode, string Output, string Errors) Drop { get; private set; }

    /// <summary>Whether the drop's command left up.json. Looked at before any test: their commands host the platform for a moment too.</summary>
    public bool LeftAnAddress { get; private set; }

    public async ValueTask InitializeAsync()
    {
        SetDataset(Scenario.Dataset(1));
        Drop = await RunAsync("drop", Dataset, "--wait", "--recipe", Scenario.Recipe, "--json");
        LeftAnAddress = File.Exists(Path.Combine(Scenario.Data, "up.json"));
        FolderCopy.Make(Scenario.Data, AsPromoted);
    }

    /// <summary>A command on this data folder.</summary>
    public override Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        VersemiProcess.RunAsync([.. arguments, "--data", Scenario.Data], RunningPlatform.Quick, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Scenario.Dispose();
        return ValueTask.CompletedTask;
    }
}
