using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>A token becomes a browser's session.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_person_is_led_to_the_sign_in_page_and_back_to_the_page_that_was_wanted()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, map: app => app.MapGet("/runs", () => "the runs"));
        using var browser = new Browser(guarded.Http.BaseAddress!);
        var (status, page) = await browser.GoAsync("/runs?line=main");
        Assert.Equal((HttpStatusCode.OK, "/login"), (status, browser.At.AbsolutePath));
        var (wrong, _) = await browser.SubmitAsync("/login", page, ("token", "versemi_wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong);
        var (right, back) = await browser.SubmitAsync("/login", page, ("token", guarded.TokenOf(Role.Operator)));
        Assert.Equal((HttpStatusCode.Redirect, "/runs?line=main"), (right, back));
        Assert.Equal("the runs", (await browser.GoAsync(back!)).Page);
        Assert.Equal("the operator", (await MeAsync(browser))!.Name);

        var session = Assert.Single(browser.Cookies, cookie => cookie.Name == Sessions.CookieName);
        Assert.True(session.HttpOnly);
        Assert.Equal([("", 401), ("the operator", 302)], (await guarded.AuditAsync()).Where(row => row.Act == SignInPages.Act).Select(row => (row.Who, row.Status!.Value)));

        await browser.SubmitAsync("/logout", "");
        Assert.Null(await MeAsync(browser));
    }

    [Fact]
    public async Task A_session_acts_for_the_platforms_own_pages_alone()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var browser = await SignedInAsync(guarded, Role.Operator);
        using var own = await browser.FetchAsync(HttpMethod.Put, Routes.DropFile("liver", "a.json"), content: new StringContent("{}"));
        using var foreign = await browser.FetchAsync(HttpMethod.Put, Routes.DropFile("liver", "b.json"), "http://evil.example", new StringContent("{}"));
        using var raw = await guarded.SendAsync(HttpMethod.Get, "/login", token: null);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Forbidden), (own.StatusCode, foreign.StatusCode));
        Assert.False(File.Exists(_folder["data/incoming/liver/b.json"]));
        Assert.All(raw.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_form_of_elsewhere_signs_nobody_in()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var browser = new Browser(guarded.Http.BaseAddress!);
        var (status, _) = await browser.SubmitAsync("/login", "", ("token", guarded.TokenOf(Role.Admin)));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Null(await MeAsync(browser));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Nobody_is_led_to_another_site(string address)
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var browser = new Browser(guarded.Http.BaseAddress!);
        var (_, page) = await browser.GoAsync("/login?returnUrl=" + Uri.EscapeDataString(address));
        Assert.Equal("/", (await browser.SubmitAsync("/login", page, ("token", guarded.TokenOf(Role.Viewer)))).Location);
    }

    [Fact]
    public async Task With_its_token_a_session_ends()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var browser = await SignedInAsync(guarded, Role.Viewer);
        var id = guarded.TokenOf(Role.Viewer).Split('_')[1];
        (await guarded.SendAsync(HttpMethod.Delete, Routes.Token(id), Role.Admin)).Dispose();
        Assert.Null(await MeAsync(browser));
    }

    [Fact]
    public async Task A_cookie_is_read_by_another_replica_and_after_a_restart()
    {
        await using var first = await GuardedPlatform.StartAsync(_folder);
        using var browser = await SignedInAsync(first, Role.Approver);
        await using var second = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => options.Tokens = true });
        var cookies = new CookieContainer();
        foreach (var cookie in browser.Cookies)
            cookies.Add(second.Http.BaseAddress!, new Cookie(cookie.Name, cookie.Value));
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = second.Http.BaseAddress };

        Assert.Equal("the approver", (await http.GetFromJsonAsync<MeView>(Routes.Me, DomainJson.Canonical, TestContext.Current.CancellationToken))!.Name);
        Assert.NotEmpty(await second.InDatabaseAsync(db => Task.FromResult(db.ProtectionKeys.ToList())));
    }

    private static async Task<Browser> SignedInAsync(GuardedPlatform guarded, Role role)
    {
        var browser = new Browser(guarded.Http.BaseAddress!);
        var (_, page) = await browser.GoAsync("/login");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/login", page, ("token", guarded.TokenOf(role)))).Status);
        return browser;
    }

    private static async Task<MeView?> MeAsync(Browser browser)
    {
        using var answer = await browser.FetchAsync(HttpMethod.Get, Routes.Me);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<MeView>(DomainJson.Canonical, TestContext.Current.CancellationToken) : null;
    }
}
