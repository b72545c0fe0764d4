using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>People and programs of a real issuer.</summary>
public sealed class IssuerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_person_signs_in_at_the_issuer_and_comes_back_to_the_page_that_was_wanted()
    {
        await using var issuer = await Issuer.StartAsync();
        issuer.Roles.AddRange(["staff", "radiology-leads"]);
        await using var platform = await StartAsync(issuer, options => options.OpenIdConnect.Roles["radiology-leads"] = "approver");
        await issuer.AddDashboardAsync(platform.Http.BaseAddress!);
        using var browser = new Browser(platform.Http.BaseAddress!);

        var (_, page) = await browser.GoAsync("/runs");
        var link = WebUtility.HtmlDecode(page.Split("class=\"button\" href=\"")[1].Split('"')[0]);
        var (status, runs) = await browser.GoAsync(new Uri(platform.Http.BaseAddress!, link).ToString());

        Assert.Equal((HttpStatusCode.OK, "the runs"), (status, runs));
        using var answer = await browser.FetchAsync(HttpMethod.Get, Routes.Me);
        var me = (await answer.Content.ReadFromJsonAsync<MeView>(DomainJson.Canonical, Stop))!;
        Assert.Equal(("ann", "approver", "oidc"), (me.Name, me.Roles[^1], me.How));
        Assert.Contains(await platform.InDatabaseAsync(db => Task.FromResult(db.Audit.ToList())), row => (row.Act, row.Who, row.Status) == (SignInPages.Act, "ann", 200));
        using var refused = await browser.FetchAsync(HttpMethod.Get, Routes.Audit);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Whom_the_issuer_gives_no_role_may_nothing_and_is_told_so()
    {
        await using var issuer = await Issuer.StartAsync();
        issuer.Roles.Add("staff");
        await using var platform = await StartAsync(issuer);
        var answer = await AskAsync(platform, await issuer.RobotsTokenAsync());
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("'robot' has no role", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_brings_the_issuers_access_token()
    {
        await using var issuer = await Issuer.StartAsync();
        issuer.Roles.Add("Operator");
        await using var platform = await StartAsync(issuer);
        var (status, text) = await AskAsync(platform, await issuer.RobotsTokenAsync());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"robot\"", text, StringComparison.Ordinal);
        Assert.Contains("\"jwt\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_for_others_of_others_altered_or_of_nobody_is_refused()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var other = await Issuer.StartAsync();
        foreach (var one in new[] { issuer, other })
            one.Roles.Add("admin");
        await using var platform = await StartAsync(issuer);
        var good = await issuer.RobotsTokenAsync();
        issuer.TokenAudience = "another-service";
        var parts = good.Split('.');
        var unsigned = $"{Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.";
        string[] bad = [await issuer.RobotsTokenAsync(), await other.RobotsTokenAsync(), $"{parts[0]}.{parts[1]}.{new string(parts[2].Reverse().ToArray())}", unsigned, "no token at all"];

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(platform, good)).Status);
        foreach (var token in bad)
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(platform, token)).Status);
    }

    [Fact]
    public async Task So_is_one_that_has_run_out()
    {
        var past = new ShiftedTime();
        past.Advance(TimeSpan.FromHours(-2));
        await using var issuer = await Issuer.StartAsync(past);
        issuer.Roles.Add("admin");
        await using var platform = await StartAsync(issuer);
        var late = await issuer.RobotsTokenAsync();
        past.Advance(TimeSpan.FromHours(2));
        var good = await issuer.RobotsTokenAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(platform, late)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(platform, good)).Status);
    }

    [Fact]
    public async Task Static_tokens_and_those_of_the_issuer_work_side_by_side()
    {
        await using var issuer = await Issuer.StartAsync();
        issuer.Roles.Add("viewer");
        await using var guarded = await GuardedPlatform.StartAsync(_folder, options => (options.Jwt.Authority, options.Jwt.Audience) = (issuer.Address, Issuer.Audience));
        using var ours = await guarded.SendAsync(HttpMethod.Get, Routes.Me, Role.Admin);
        using var theirs = await guarded.SendAsync(HttpMethod.Get, Routes.Me, await issuer.RobotsTokenAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ours.StatusCode, theirs.StatusCode));
    }

    private Task<TestPlatform> StartAsync(Issuer issuer, Action<AccessOptions>? more = null) => TestPlatform.StartAsync(_folder, new()
    {
        Trainer = false,
        Map = app => app.MapGet("/runs", () => "the runs"),
        Access = options =>
    {
        (options.OpenIdConnect.Authority, options.OpenIdConnect.ClientId, options.OpenIdConnect.ClientSecret) = (issuer.Address, "dashboard", Issuer.Secret);
        (options.Jwt.Authority, options.Jwt.Audience) = (issuer.Address, Issuer.Audience);
        more?.Invoke(options);
    }
    });

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(TestPlatform platform, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Me) { Headers = { { "Authorization", "Bearer " + token } } };
        using var answer = await platform.Http.SendAsync(request, Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static string Encode(string json) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));
}
