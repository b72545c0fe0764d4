using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VerSemi.Domain;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>Whose name stands in the ledgers.</summary>
public sealed class WhoTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_name_is_that_of_who_is_signed_in()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, trainer: true);
        await Data.CommitAsync(guarded.Platform.Blobs, "liver");
        await Eventually.GetAsync("a model", async () =>
        {
            using var models = await guarded.SendAsync(HttpMethod.Get, Routes.Models, Role.Viewer);
            return await models.Content.ReadFromJsonAsync<List<ModelView>>(DomainJson.Canonical, Stop) is [_, ..] some ? some : null;
        }, Stop);
        using var promoted = await guarded.SendAsync(HttpMethod.Post, Routes.PromoteModel("main", 1), Role.Approver, new { why = "because" });
        using var feigned = await guarded.SendAsync(HttpMethod.Post, Routes.PromoteModel("main", 1), Role.Approver, new { who = "the boss", why = "because" });

        Assert.Equal(HttpStatusCode.BadRequest, feigned.StatusCode);
        Assert.Contains("the approver", await feigned.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Forbidden, promoted.StatusCode);
        var acts = (await guarded.AuditAsync()).Where(row => row.Act.Contains("promote", StringComparison.Ordinal)).ToList();
        Assert.All(acts, row => Assert.Equal(("the approver", "token", "because"), (row.Who, row.How, row.Why)));
        Assert.Equal([(int)promoted.StatusCode, 400], acts.Select(row => row.Status!.Value));
    }

    [Fact]
    public async Task Where_it_is_open_the_name_is_the_one_that_was_given()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var answer = await platform.Http.PostAsJsonAsync(Routes.Cycles, new StartCycle("ann", "to see"), DomainJson.Canonical, Stop);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var row = await Eventually.GetAsync("the row's end", async () => (await platform.GetAsync<List<AuditView>>(Routes.Audit)).FirstOrDefault(row => row.Status is not null), Stop);
        Assert.Equal(("ann", "to see", "POST /api/v1/cycles", 409), (row.Who, row.Why, row.Act, row.Status!.Value));
    }

    [Fact]
    public async Task Also_what_was_refused_is_in_the_ledger_and_so_is_every_look_at_a_volume()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder, map: app =>
            app.MapGet(Routes.Root + "/volumes/{name}", (string name) => Results.Text(name)).NeedsRole(Role.Operator).Audited("view volume"));
        using var seen = await guarded.SendAsync(HttpMethod.Get, Routes.Root + "/volumes/case-7", Role.Operator);
        using var refused = await guarded.SendAsync(HttpMethod.Get, Routes.Root + "/volumes/case-7", Role.Viewer);
        using var nobody = await guarded.SendAsync(HttpMethod.Post, Routes.Cycles, token: null, new { });
        using var foreign = await guarded.SendAsync(HttpMethod.Post, Routes.Cycles, guarded.TokenOf(Role.Operator), new { }, ("Origin", "http://evil.example"));
        using var read = await guarded.SendAsync(HttpMethod.Get, Routes.Status, Role.Viewer);

        Assert.Equal(
            [("the operator", "view volume", 200), ("the viewer", "view volume", 403), ("", "POST /api/v1/cycles", 401), ("the operator", "POST /api/v1/cycles", 403)],
            (await guarded.AuditAsync()).Select(row => (row.Who, row.Act, row.Status!.Value)));
    }

    [Fact]
    public async Task The_ledger_is_paged_newest_first()
    {
        await using var guarded = await GuardedPlatform.StartAsync(_folder);
        await AssertPagedAsync(guarded);
    }

    [Fact]
    public async Task So_it_is_on_PostgreSQL_with_its_tokens_and_keys()
    {
        var database = await SharedServers.CreateDatabaseAsync(Stop);
        await using var guarded = await GuardedPlatform.StartAsync(_folder, configure: options =>
            (options.Database.Engine, options.Database.ConnectionString) = (DatabaseOptions.Postgres, database));
        await AssertPagedAsync(guarded);
        using var page = await guarded.SendAsync(HttpMethod.Get, "/login", token: null);
        Assert.Contains("name=\"token\"", await page.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.NotEmpty(await guarded.Platform.InDatabaseAsync(db => Task.FromResult(db.ProtectionKeys.ToList())));
    }

    private static async Task AssertPagedAsync(GuardedPlatform guarded)
    {
        for (var i = 1; i <= 5; i++)
            (await guarded.SendAsync(HttpMethod.Delete, Routes.DropFile("liver", $"{i}.nii"), Role.Operator)).Dispose();
        await guarded.AuditAsync();
        using var first = await guarded.SendAsync(HttpMethod.Get, Routes.Audit + "?limit=2", Role.Admin);
        var page = (await first.Content.ReadFromJsonAsync<List<AuditView>>(DomainJson.Canonical, Stop))!;
        using var second = await guarded.SendAsync(HttpMethod.Get, $"{Routes.Audit}?limit=2&before={page[^1].Id}&who=the%20operator", Role.Admin);
        var next = (await second.Content.ReadFromJsonAsync<List<AuditView>>(DomainJson.Canonical, Stop))!;

        Assert.Equal(["5.nii", "4.nii", "3.nii", "2.nii"], page.Concat(next).Select(row => row.Subject.Split('/')[^1]));
    }
}
