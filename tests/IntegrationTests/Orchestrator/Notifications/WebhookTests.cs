using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Notifications;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator.Notifications;

public sealed class WebhookTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Receiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_promotion_is_told_signed_and_once_though_the_receiver_fails_first()
    {
        _receiver.Answer = before => before < 3 ? 500 : 200;
        await using var platform = await StartAsync();
        await Data.CommitAsync(platform.Blobs, "liver");
        var cycle = await platform.CycleAsync(1);
        await TakenAsync(1);

        var (_, body, json) = Assert.Single(_receiver.Taken);
        Assert.Equal((WebhookEvents.CyclePromoted, "main-1", "main", 1), (body.Type, body.Data.Cycle, body.Data.Line, body.Data.Generation));
        Assert.Equal(cycle.Reason, body.Data.Reason);
        Assert.Equal(0.8, body.Data.Dice!["liver/organ"], 6);
        Assert.DoesNotContain("case0", json, StringComparison.Ordinal);
        Assert.Empty(_receiver.Faults);
        await EventuallyAsync("it is on record as delivered", async db => await db.SingleAsync(Cancellation) is { DeliveredAt: not null, DueAt: null, Attempts: 4 }, platform);
        Assert.Equal(4, _receiver.Tries);
    }

    [Fact]
    public async Task What_a_process_could_not_deliver_the_next_one_does()
    {
        _receiver.Answer = _ => 503;
        await using (var platform = await StartAsync())
        {
            await Data.CommitAsync(platform.Blobs, "liver");
            await platform.CycleAsync(1);
            await Eventually.TrueAsync("a try was made", () => Task.FromResult(_receiver.Tries > 0), Cancellation);
            Assert.Contains((await platform.GetAsync<StatusView>(Routes.Status)).Trouble, trouble => trouble.Contains("cycle.promoted of main-1 is not taken: the receiver answered 503", StringComparison.Ordinal));
        }
        _receiver.Answer = _ => 200;
        await using var next = await StartAsync();
        await TakenAsync(1);
        await EventuallyAsync("it is delivered", async db => await db.AllAsync(row => row.DeliveredAt != null, Cancellation), next);
        var tries = _receiver.Tries;
        await using var third = await StartAgainAsync(next);
        await Data.CommitAsync(third.Blobs, "spleen");
        await TakenAsync(2);

        Assert.Equal(["main-1", "main-2"], _receiver.Taken.Select(taken => taken.Body.Data.Cycle));
        Assert.Equal(tries + 1, _receiver.Tries);
        Assert.Empty(_receiver.Faults);
    }

    [Fact]
    public async Task What_is_never_taken_is_given_up_and_said_so()
    {
        _receiver.Answer = _ => 307;
        await using var platform = await StartAsync(options => options.Webhook.GiveUpAfter = TimeSpan.FromMilliseconds(400));
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1);
        await EventuallyAsync("it is given up", async db => await db.AnyAsync(row => row.DueAt == null, Cancellation), platform);

        var row = await platform.InDatabaseAsync(db => db.Timeline.SingleAsync(entry => entry.Kind == "webhook"));
        Assert.Equal(("main-1", "gave up"), (row.Subject, row.Event));
        Assert.Contains("is given up: the receiver answered 307", row.Detail, StringComparison.Ordinal);
        Assert.Contains((await platform.GetAsync<StatusView>(Routes.Status)).Trouble, trouble => trouble.StartsWith("webhook:", StringComparison.Ordinal));
        Assert.Empty(_receiver.Taken);
        Assert.Empty(_receiver.Faults);
    }

    [Fact]
    public async Task Every_verdict_is_told_and_only_what_was_asked_for()
    {
        var script = new TrainerScript { Failure = FailureKind.Data, BeforeWork = (lease, _) => throw new InvalidDataException("liver: case00 is broken") };
        await using var platform = await StartAsync(options =>
        {
            options.Lines["main"].Approval = LineOptions.Always;
            options.Webhook.Events.AddRange([WebhookEvents.CycleFailed, WebhookEvents.ApprovalNeeded, WebhookEvents.CycleRejected]);
        }, script);
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1, CycleStates.Failed);
        await platform.PostAsync<CycleView>(Routes.RetryCycle("main-1"), new HumanAct("ann"));
        await TakenAsync(2);
        script.BeforeWork = (_, _) => Task.CompletedTask;
        await platform.PostAsync<CycleView>(Routes.RetryCycle("main-1"), new HumanAct("ann"));
        await platform.CycleAsync(1, CycleStates.AwaitingApproval);
        await platform.PostAsync<CycleView>(Routes.RejectCycle("main-1"), new HumanAct("bob", "case00 of Mr Smith is wrong"));
        await TakenAsync(4);

        Assert.Equal(["cycle.failed", "cycle.failed", "approval.needed", "cycle.rejected"], _receiver.Taken.Select(taken => taken.Body.Type));
        Assert.Equal(4, _receiver.Taken.Select(taken => taken.Id).Distinct().Count());
        Assert.All(_receiver.Taken, taken => Assert.DoesNotContain("case00", taken.Json, StringComparison.Ordinal));
        Assert.Equal("Reject by bob", _receiver.Taken.Last().Body.Data.Reason);
        Assert.Empty(_receiver.Faults);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_drops_report_is_told_whether_or_not_its_message_arrives(bool arrives)
    {
        await using var platform = await StartAsync();
        var report = new IngestReport
        {
            Drop = "liver-1",
            Fingerprint = "f1",
            Outcome = IngestOutcome.Committed,
            Dataset = "liver",
            Version = "v1",
            Cases = [new CaseReport("case00", "training", null, []), new CaseReport("case01", null, "its label is another grid's", [])],
        };
        await platform.Blobs.WriteJsonAsync(BlobLayout.DropReport("liver-1"), report, DomainJson.Readable, cancellation: Cancellation);
        for (var again = 0; arrives && again < 3; again++)
            await platform.Bus.SendAsync(Queues.Catalogue, new DropIngested("liver-1", "f1", "committed"), cancellation: Cancellation);
        await TakenAsync(1);
        await platform.Blobs.WriteJsonAsync(BlobLayout.DropReport("liver-1"), report with { Fingerprint = "f2", Outcome = IngestOutcome.Unchanged }, DomainJson.Readable, cancellation: Cancellation);
        await platform.Bus.SendAsync(Queues.Catalogue, new DropIngested("liver-1", "f2", "unchanged"), cancellation: Cancellation);
        await TakenAsync(2);

        var data = _receiver.Taken.First().Body.Data;
        Assert.Equal(("liver-1", "committed", "liver", "v1", 1, 1), (data.Drop, data.Outcome, data.Dataset, data.Version, data.Accepted, data.Quarantined));
        Assert.Equal("unchanged", _receiver.Taken.Last().Body.Data.Outcome);
        Assert.All(_receiver.Taken, taken => Assert.DoesNotContain("case0", taken.Json, StringComparison.Ordinal));
        Assert.Equal(("f2", "unchanged"), await platform.InDatabaseAsync(async db => await db.Drops.SingleAsync(Cancellation) is { } row ? (row.Fingerprint, row.Outcome) : default));
        Assert.Equal(2, _receiver.Tries);
    }

    [Fact]
    public async Task Of_two_replicas_one_tells()
    {
        var database = await SharedServers.CreateDatabaseAsync(Cancellation);
        void OnPostgres(OrchestratorOptions options) => (options.Database.Engine, options.Database.ConnectionString, options.SingleProcess) = ("postgres", database, false);
        var hosts = await Task.WhenAll(StartAsync(OnPostgres), StartAsync(OnPostgres));
        await using var one = hosts[0];
        await using var two = hosts[1];
        for (var i = 0; i < 10; i++)
        {
            var report = new IngestReport { Drop = $"drop-{i}", Fingerprint = "f", Outcome = IngestOutcome.Unchanged };
            await one.Blobs.WriteJsonAsync(BlobLayout.DropReport(report.Drop), report, DomainJson.Readable, cancellation: Cancellation);
            await Task.WhenAll(hosts.Select(host => host.Bus.SendAsync(Queues.Catalogue, new DropIngested(report.Drop, "f", "unchanged"), cancellation: Cancellation)));
        }
        await TakenAsync(10);
        await EventuallyAsync("all are delivered", async db => await db.CountAsync(row => row.DeliveredAt != null, Cancellation) == 10, one);

        Assert.Equal(10, _receiver.Tries);
        Assert.Equal(10, _receiver.Taken.Select(taken => taken.Body.Data.Drop).Distinct().Count());
    }

    private Task<TestPlatform> StartAsync(Action<OrchestratorOptions>? configure = null, TrainerScript? script = null) => TestPlatform.StartAsync(_folder, new()
    {
        Script = script,
        Configure = options =>
    {
        (options.Webhook.Url, options.Webhook.Secret, options.Webhook.RetryPause) = (_receiver.Url, Receiver.Secret, TimeSpan.FromMilliseconds(50));
        configure?.Invoke(options);
    }
    });

    private async Task<TestPlatform> StartAgainAsync(TestPlatform old)
    {
        await old.DisposeAsync();
        return await StartAsync();
    }

    private Task TakenAsync(int count) => Eventually.TrueAsync($"the receiver has {count}", () => Task.FromResult(_receiver.Taken.Count >= count), Cancellation);

    private static Task EventuallyAsync(string what, Func<DbSet<VerSemi.Orchestrator.Persistence.NotificationRow>, Task<bool>> probe, TestPlatform platform) =>
        Eventually.TrueAsync(what, () => platform.InDatabaseAsync(db => probe(db.Notifications)), Cancellation);
}
