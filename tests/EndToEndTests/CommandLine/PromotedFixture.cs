using System.Text.Json.Nodes;
using VerSemi.EndToEndTests.CommandLine;
using VerSemi.TestKit;

[assembly: AssemblyFixture(typeof(PromotedFixture))]

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>A data folder in which `versemi drop --wait`, with no platform running, has made one model.</summary>
public sealed class PromotedFixture : IAsyncLifetime
{
    public Scenario Scenario { get; } = new();
    public string Dataset { get; private set; } = "";
    public (int ExitCode, string Output, string Errors) Drop { get; private set; }

    /// <summary>Whether the drop's command left up.json. Looked at before any test: their commands host the platform for a moment too.</summary>
    public bool LeftAnAddress { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Dataset = Scenario.Dataset(1);
        Drop = await RunAsync("drop", Dataset, "--wait", "--recipe", Scenario.Recipe, "--json");
        LeftAnAddress = File.Exists(Path.Combine(Scenario.Data, "up.json"));
    }

    /// <summary>A command on this data folder.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        VersemiProcess.RunAsync([.. arguments, "--data", Scenario.Data], RunningPlatform.Quick, TestContext.Current.CancellationToken);

    public async Task<JsonNode> JsonAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync([.. arguments, "--json"]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {errors}");
        return JsonNode.Parse(output)!;
    }

    public ValueTask DisposeAsync()
    {
        Scenario.Dispose();
        return ValueTask.CompletedTask;
    }
}
