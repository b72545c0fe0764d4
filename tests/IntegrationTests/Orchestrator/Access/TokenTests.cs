using System.Net;
using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

public sealed class TokenTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_admin_makes_a_token_which_is_shown_once_and_holds_until_it_is_revoked()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var made = await guarded.SendAsync(HttpMethod.Post, Routes.Tokens, Role.Admin, new NewToken("ci", "operator", NoExpiry: true));
        var added = (await made.Content.ReadFromJsonAsync<AddedToken>(DomainJson.Canonical, Stop))!;
        Assert.Equal((HttpStatusCode.Created, "the admin", true), (made.StatusCode, added.Token.CreatedBy, added.Token.Holds));

        using var twin = await guarded.SendAsync(HttpMethod.Post, Routes.Tokens, Role.Admin, new NewToken("ci", "viewer", NoExpiry: true));
        Assert.Equal(HttpStatusCode.Conflict, twin.StatusCode);
        Assert.Equal("ci: viewer, operator by token", await MeAsync(guarded, added.Secret));

        using var revoked = await guarded.SendAsync(HttpMethod.Delete, Routes.Token(added.Token.Id), Role.Admin);
        using var after = await guarded.SendAsync(HttpMethod.Get, Routes.Me, added.Secret);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (revoked.StatusCode, after.StatusCode));
        Assert.Contains("revoked", await after.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal("Bearer error=\"invalid_token\"", after.Headers.WwwAuthenticate.ToString());
        using var again = await guarded.SendAsync(HttpMethod.Post, Routes.Tokens, Role.Admin, new NewToken("ci", "viewer", NoExpiry: true));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task Nothing_at_rest_opens_anything()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var list = await guarded.SendAsync(HttpMethod.Get, Routes.Tokens, Role.Admin);
        var (listed, rows) = (await list.Content.ReadAsStringAsync(Stop), await guarded.Platform.InDatabaseAsync(db => Task.FromResult(db.AccessTokens.ToList())));
        foreach (var role in Enum.GetValues<Role>())
        {
            var secret = guarded.TokenOf(role).Split('_', 3)[2];
            Assert.DoesNotContain(secret, listed, StringComparison.Ordinal);
            Assert.DoesNotContain(rows, row => row.Hash.Contains(secret, StringComparison.Ordinal) || row.Id.Contains(secret, StringComparison.Ordinal));
        }
        foreach (var row in rows)
        {
            using var answer = await guarded.SendAsync(HttpMethod.Get, Routes.Me, row.Hash);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_token_runs_out_at_its_end()
    {
        var time = new ShiftedTime();
        await using var guarded = await GuardedPlatform.StartAsync(_folder, time: time);
        var token = await guarded.AddAsync("guest", Role.Viewer, time.GetUtcNow().AddHours(1));
        using var before = await guarded.SendAsync(HttpMethod.Get, Routes.Me, token);
        time.Advance(TimeSpan.FromHours(2));
        using var after = await guarded.SendAsync(HttpMethod.Get, Routes.Me, token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
    }

    [Theory]
    [InlineData("", "viewer")]
    [InlineData("ci", "root")]
    [InlineData("ci", "7")]
    [InlineData("line\nbreak", "viewer")]
    public async Task What_is_no_name_or_role_is_refused(string name, string role)
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        using var answer = await guarded.SendAsync(HttpMethod.Post, Routes.Tokens, Role.Admin, new NewToken(name, role, NoExpiry: true));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_without_an_end_is_asked_for_explicitly()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        var end = DateTimeOffset.UtcNow.AddDays(1);
        foreach (var (request, expected) in new[]
        {
            (new NewToken("a", "viewer"), HttpStatusCode.BadRequest), (new NewToken("b", "viewer", end, NoExpiry: true), HttpStatusCode.BadRequest),
            (new NewToken("c", "viewer", end), HttpStatusCode.Created), (new NewToken("d", "viewer", NoExpiry: true), HttpStatusCode.Created),
        })
        {
            using var answer = await guarded.SendAsync(HttpMethod.Post, Routes.Tokens, Role.Admin, request);
            Assert.Equal((request.Name, expected), (request.Name, answer.StatusCode));
        }
        Assert.Equal(["c", "d"], (await guarded.Platform.InDatabaseAsync(db => Task.FromResult(db.AccessTokens.Where(row => row.Name.Length == 1).Select(row => row.Name).ToList()))).Order());
    }

    [Theory]
    [InlineData("90d", 90 * 24 * 60)]
    [InlineData("12h", 12 * 60)]
    [InlineData("2w", 14 * 24 * 60)]
    [InlineData("5m", 5)]
    [InlineData("90", null)]
    [InlineData("0d", null)]
    [InlineData("-1d", null)]
    [InlineData("90d\n", null)]
    [InlineData("9999999w", null)]
    [InlineData("", null)]
    public void A_lifetime_is_a_number_with_its_unit(string text, int? minutes)
    {
        if (minutes is { } right)
            Assert.Equal(TimeSpan.FromMinutes(right), TokenLifetime.Parse(text, noExpiry: false));
        else
            Assert.Contains(TokenLifetime.Expires, Assert.Throws<DomainException>(() => TokenLifetime.Parse(text, noExpiry: false)).Message, StringComparison.Ordinal);
    }

    private static async Task<string> MeAsync(GuardedPlatform guarded, string token)
    {
        using var answer = await guarded.SendAsync(HttpMethod.Get, Routes.Me, token);
        var me = (await answer.Content.ReadFromJsonAsync<MeView>(DomainJson.Canonical, Stop))!;
        return $"{me.Name}: {string.Join(", ", me.Roles)} by {me.How}";
    }
}
