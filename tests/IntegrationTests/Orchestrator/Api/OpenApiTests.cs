using System.Text.Json.Nodes;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Api;

/// <summary>The API's description is checked in: a change of the API shows in its diff. VERSEMI_UPDATE=1 writes it anew.</summary>
public sealed class OpenApiTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static string CheckedIn => Path.Combine(Repository.Root, "docs", "openapi.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_document_is_the_one_that_is_checked_in()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var now = (await platform.Http.GetStringAsync(OpenApi.Document, Stop)).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("VERSEMI_UPDATE") == "1")
            await File.WriteAllTextAsync(CheckedIn, now, Stop);
        Assert.True(File.Exists(CheckedIn) && await File.ReadAllTextAsync(CheckedIn, Stop) == now,
            "The API is not what docs/openapi.json says. If that is meant, run this test with VERSEMI_UPDATE=1, and look at the file's diff: old clients must still be served.");
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_and_words()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var document = JsonNode.Parse(await platform.Http.GetStringAsync(OpenApi.Document, Stop))!;
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (Path: path.Key, Operation: operation.Value!))).ToList();
        Assert.True(operations.Count > 50, $"{operations.Count} operations");
        Assert.All(operations, one => Assert.True(one.Operation["operationId"] is not null && one.Operation["summary"] is not null, one.Path));
        Assert.Equal(operations.Count, operations.Select(one => one.Operation["operationId"]!.GetValue<string>()).Distinct().Count());
        Assert.All(operations, one => Assert.True(one.Operation["responses"]!.AsObject().Any(response => response.Key.StartsWith('2')), one.Path));
    }

    [Fact]
    public async Task Every_list_that_grows_with_the_data_comes_in_pages()
    {
        string[] small = ["listTokens", "listQueues", "listTasks", "listDatasetVersions", "listQuarantine", "listEvaluations", "listFirings"];
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var document = JsonNode.Parse(await platform.Http.GetStringAsync(OpenApi.Document, Stop))!;
        var lists = document["paths"]!.AsObject().Select(path => path.Value!["get"]).OfType<JsonNode>()
            .Where(get => get["operationId"]?.GetValue<string>() is { } id && id.StartsWith("list", StringComparison.Ordinal) && !small.Contains(id)).ToList();
        Assert.True(lists.Count >= 12, $"{lists.Count} lists");
        Assert.Empty(lists.Where(get => !ComesInPages(get)).Select(get => get["operationId"]!.GetValue<string>()));
    }

    /// <summary>Forwards by the last known item, or, what only grows, backwards by it.</summary>
    private static bool ComesInPages(JsonNode get)
    {
        var names = (get["parameters"]?.AsArray() ?? []).Select(parameter => parameter!["name"]!.GetValue<string>()).ToList();
        return names.Contains("limit") && (names.Contains("after") || names.Contains("before"));
    }

    [Fact]
    public async Task The_reference_page_asks_no_other_host()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var page = await platform.Http.GetStringAsync($"{OpenApi.Reference}/", Stop);
        Assert.Contains("<html", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"//", page, StringComparison.Ordinal);
        Assert.Contains("\"withDefaultFonts\":false", page.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
