using System.Text.Json.Nodes;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>A platform that has made one model, and commands on it.</summary>
public abstract class CommandFixture
{
    /// <summary>The folder that was dropped.</summary>
    public string Dataset { get; private set; } = "";

    protected void SetDataset(string folder) => Dataset = folder;

    public abstract Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments);

    public async Task<JsonNode> JsonAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync([.. arguments, "--json"]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {errors}");
        return JsonNode.Parse(output)!;
    }
}
