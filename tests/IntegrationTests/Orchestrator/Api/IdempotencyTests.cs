using System.Net;
using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator.Api;

/// <summary>A POST with an Idempotency-Key is carried out once. Making a schedule is an act whose second time is refused.</summary>
public sealed class IdempotencyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_request_again_gets_the_first_answer_and_another_one_is_refused()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var first = await PostAsync(platform, "key-1", "nightly");
        using var again = await PostAsync(platform, "key-1", "nightly");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(Stop), await again.Content.ReadAsStringAsync(Stop));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal((false, true), (first.Headers.Contains(Idempotency.Replayed), again.Headers.Contains(Idempotency.Replayed)));
        using var other = await PostAsync(platform, "key-1", "weekly");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        using var second = await PostAsync(platform, "key-2", "nightly");
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        using var without = await PostAsync(platform, null, "nightly");
        Assert.Equal(HttpStatusCode.Conflict, without.StatusCode);
        using var long_ = await PostAsync(platform, new string('x', 300), "weekly");
        Assert.Equal(HttpStatusCode.BadRequest, long_.StatusCode);
        Assert.Single(await platform.GetAsync<List<ScheduleView>>(Routes.Schedules));
    }

    [Fact]
    public async Task Of_many_at_once_one_is_carried_out_and_the_others_get_its_answer_or_are_told_to_wait()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        await AssertOneOfManyAsync([platform]);
    }

    [Fact]
    public async Task So_they_are_over_replicas_on_PostgreSQL()
    {
        var database = await SharedServers.CreateDatabaseAsync(Stop);
        await using var one = await StartAsync(database);
        await using var two = await StartAsync(database);
        await AssertOneOfManyAsync([one, two]);
    }

    [Fact]
    public async Task A_request_whose_process_died_is_carried_out_by_the_next_one_after_a_while()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var first = await PostAsync(platform, "key", "nightly");
        await DieAsync(platform, TimeSpan.FromMinutes(1));
        using var early = await PostAsync(platform, "key", "nightly");
        Assert.Equal((HttpStatusCode.Conflict, true), (early.StatusCode, (await early.Content.ReadAsStringAsync(Stop)).Contains(ProblemKind.InProgress.Type, StringComparison.Ordinal)));
        await DieAsync(platform, TimeSpan.Zero);
        using var late = await PostAsync(platform, "key", "nightly");
        // It had been done before the process died: the act itself says so.
        Assert.Contains(ProblemKind.Conflict.Type, await late.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    /// <summary>As if the process that had the key had ended before its answer was written.</summary>
    private static Task<int> DieAsync(TestPlatform platform, TimeSpan left) => platform.InDatabaseAsync(async db =>
    {
        var row = db.Idempotency.Single();
        (row.Status, row.OwnedUntil) = (null, db.Clock.Now + left);
        return await db.SaveChangesAsync(Stop);
    });

    private static async Task AssertOneOfManyAsync(TestPlatform[] platforms)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PostAsync(platforms[i % platforms.Length], "key", "nightly")));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created && !answer.Headers.Contains(Idempotency.Replayed));
        foreach (var waiting in answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict))
            Assert.Contains(ProblemKind.InProgress.Type, await waiting.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        foreach (var platform in platforms)
        {
            using var later = await PostAsync(platform, "key", "nightly");
            Assert.True(later.Headers.Contains(Idempotency.Replayed));
            Assert.Single(await platform.GetAsync<List<ScheduleView>>(Routes.Schedules));
        }
        foreach (var answer in answers)
            answer.Dispose();
    }

    private static async Task<HttpResponseMessage> PostAsync(TestPlatform platform, string? key, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Routes.Schedules) { Content = JsonContent.Create(new NewSchedule(name, "0 3 * * *", "ann"), options: DomainJson.Canonical) };
        if (key is not null)
            request.Headers.Add(Idempotency.Header, key);
        return await platform.Http.SendAsync(request, Stop);
    }

    private Task<TestPlatform> StartAsync(string database) => TestPlatform.StartAsync(_folder, new()
    {
        Trainer = false,
        Configure = options =>
        (options.Database.Engine, options.Database.ConnectionString, options.SingleProcess) = (DatabaseOptions.Postgres, database, false)
    });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
