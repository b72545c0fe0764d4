using System.Net;
using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>Cookies that are signed by the platform's own key: somebody has read it, or a way in was switched off.</summary>
public sealed class ForgedSessionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SignIn.OpenIdConnect)]
    [InlineData(SignIn.Jwt)]
    [InlineData(SignIn.Open)]
    [InlineData("")]
    public async Task A_session_of_a_way_in_that_is_off_is_refused_though_it_is_validly_signed(string how)
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        var cookie = (await StolenKeys.FromAsync(guarded.Platform)).Sign("mallory", Role.Admin, how);
        using var answer = await AskAsync(guarded.Platform, cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task So_is_one_of_a_token_where_tokens_are_off_and_any_where_only_programs_sign_in()
    {
        string token;
        await using (var guarded = await GuardedPlatform.StartAsync(_folder))
            token = guarded.TokenOf(Role.Admin).Split('_')[1];
        await using var programs = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => (options.Jwt.Authority, options.Jwt.Audience) = ("https://issuer.example", "versemi") });
        var keys = await StolenKeys.FromAsync(programs);
        foreach (var cookie in new[] { keys.Sign("the admin", Role.Admin, SignIn.Token, token), keys.Sign("mallory", Role.Admin, SignIn.OpenIdConnect) })
        {
            using var answer = await AskAsync(programs, cookie);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_session_of_a_token_has_the_tokens_own_name_and_role_whatever_the_cookie_says()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        var keys = await StolenKeys.FromAsync(guarded.Platform);
        using var raised = await AskAsync(guarded.Platform, keys.Sign("the admin", Role.Admin, SignIn.Token, guarded.TokenOf(Role.Viewer).Split('_')[1]));
        using var without = await AskAsync(guarded.Platform, keys.Sign("the admin", Role.Admin, SignIn.Token));
        using var unknown = await AskAsync(guarded.Platform, keys.Sign("the admin", Role.Admin, SignIn.Token, "00000000"));

        var me = (await raised.Content.ReadFromJsonAsync<MeView>(DomainJson.Canonical, Stop))!;
        Assert.Equal(("the viewer", "viewer"), (me.Name, string.Join(", ", me.Roles)));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (without.StatusCode, unknown.StatusCode));
    }

    [Fact]
    public async Task An_open_platform_refuses_every_session_and_removes_its_cookie_so_that_the_browser_can_go_on()
    {
        await using var open = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        var keys = await StolenKeys.FromAsync(open);
        foreach (var how in new[] { SignIn.Token, SignIn.OpenIdConnect, SignIn.Open })
        {
            using var answer = await AskAsync(open, keys.Sign("mallory", Role.Admin, how, "00000000"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("authentication off", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith($"{Sessions.CookieName}=; expires=Thu, 01 Jan 1970", StringComparison.Ordinal));
        }
        using var after = await AskAsync(open, cookie: null);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task The_cookie_of_another_platform_on_this_machine_is_nothing_to_an_open_one()
    {
        await using var open = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var answer = await AskAsync(open, "CfDJ8-of-another-platform");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> AskAsync(TestPlatform platform, string? cookie)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = platform.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Me);
        if (cookie is not null)
            request.Headers.Add("Cookie", $"{Sessions.CookieName}={cookie}");
        return await http.SendAsync(request, Stop);
    }
}
