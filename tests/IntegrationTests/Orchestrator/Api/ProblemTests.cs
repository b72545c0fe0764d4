using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Api;

/// <summary>Every error says what kind it is, also where the framework answers by itself.</summary>
public sealed class ProblemTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_error_is_problem_details_with_a_type_that_stays_the_same()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        await AssertAsync(platform, HttpMethod.Get, Routes.Run("none"), null, ProblemKind.UnknownName);
        await AssertAsync(platform, HttpMethod.Get, $"{Routes.Root}/no-such-thing", null, ProblemKind.NoSuchAddress);
        await AssertAsync(platform, HttpMethod.Delete, Routes.Runs, null, ProblemKind.MethodNotAllowed);
        await AssertAsync(platform, HttpMethod.Post, Routes.Cycles, new StringContent("{", Encoding.UTF8, "application/json"), ProblemKind.InvalidRequest);
        await AssertAsync(platform, HttpMethod.Post, Routes.Cycles, new StringContent("who=ann", Encoding.UTF8, "text/plain"), ProblemKind.UnsupportedMediaType);
        await AssertAsync(platform, HttpMethod.Post, Routes.Cycles, JsonContent.Create(new { why = "no name" }), ProblemKind.InvalidRequest);
        await AssertAsync(platform, HttpMethod.Post, Routes.Cycles, JsonContent.Create(new { who = "ann" }), ProblemKind.Conflict);
        await AssertAsync(platform, HttpMethod.Get, $"{Routes.Runs}?limit=0", null, ProblemKind.InvalidRequest);
        await AssertAsync(platform, HttpMethod.Get, $"{Routes.Runs}?limit=many", null, ProblemKind.InvalidRequest);
        await AssertAsync(platform, HttpMethod.Get, $"{Routes.Runs}?after=none", null, ProblemKind.InvalidRequest);
    }

    [Fact]
    public async Task Each_type_is_explained_at_its_own_address_and_in_the_docs()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "howto", "api.md"), TestContext.Current.CancellationToken);
        foreach (var kind in ProblemKind.All)
        {
            var words = (await platform.Http.GetFromJsonAsync<JsonObject>(kind.Type, TestContext.Current.CancellationToken))!;
            Assert.Equal(kind.Title, words["title"]!.GetValue<string>());
            Assert.Contains($"`{kind.Type}`", docs, StringComparison.Ordinal);
        }
    }

    private static async Task AssertAsync(TestPlatform platform, HttpMethod method, string path, HttpContent? body, ProblemKind kind)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var answer = await platform.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{method} {path}: {(int)answer.StatusCode} {answer.Content.Headers.ContentType} {text}");
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((path, kind.Type, kind.Title), (path, problem["type"]!.GetValue<string>(), problem["title"]!.GetValue<string>()));
        Assert.Equal((HttpStatusCode)kind.Status, answer.StatusCode);
        Assert.NotEmpty(problem["detail"]!.GetValue<string>());
    }
}
