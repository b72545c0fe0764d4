using System.Text.Json.Nodes;
using Microsoft.Playwright;
using VerSemi.TestKit;

namespace VerSemi.BrowserTests;

/// <summary>A team shares the platform: who may only look is shown everything, and can do nothing.</summary>
public sealed class RoleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_viewer_signs_in_sees_the_pages_and_is_refused_every_act()
    {
        await using var browser = await Browser.StartAsync();
        using var scenario = new Scenario();
        var settings = new Dictionary<string, string> { ["VERSEMI__ACCESS__TOKENS"] = "true" };
        await using var platform = await RunningPlatform.StartAsync(scenario.Data, scenario.Recipe, Stop, settings);
        var token = await TokenAsync(scenario, "viewer");
        await using var reader = await browser.OpenAsync(new Uri(platform.Address));

        await reader.DoAsync("viewer", async () =>
        {
            await reader.Page.GotoAsync("/runs");
            await reader.SeesHeadingAsync("VerSemi");
            Assert.Empty(await reader.InaccessibleAsync());
            await reader.Page.GetByLabel("Token").FillAsync(token);
            await reader.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
            await reader.SeesHeadingAsync("Runs");
            await Assertions.Expect(reader.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start a cycle" })).ToBeDisabledAsync();
            Assert.Contains("operator", await RefusalAsync(reader), StringComparison.Ordinal);
            await reader.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
            await reader.SeesHeadingAsync("VerSemi");
        });
        Assert.Empty(reader.Faults);
    }

    /// <summary>As the page's own script acts, without the button.</summary>
    private static Task<string> RefusalAsync(Reader reader) =>
        reader.Page.EvaluateAsync<string>("() => versemi.act('POST', '/api/v1/cycles', { who: 'viewer' })");

    private static async Task<string> TokenAsync(Scenario scenario, string role)
    {
        var (code, output, errors) = await VersemiProcess.RunAsync(["tokens", "add", role, "--role", role, "--expires", "1h", "--data", scenario.Data, "--json"], RunningPlatform.Quick, Stop);
        return code == 0 ? JsonNode.Parse(output)!["secret"]!.GetValue<string>() : throw new InvalidOperationException(errors);
    }
}
