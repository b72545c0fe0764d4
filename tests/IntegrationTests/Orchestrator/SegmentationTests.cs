using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Segmentations;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Segmentations;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Images in, label maps out; a worker's side of the messages is spoken by the test.</summary>
public sealed class SegmentationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_becomes_a_label_map_with_its_table_and_goes_when_it_is_deleted()
    {
        await using var platform = await PromotedAsync();
        using var asked = await PostAsync(platform, "an image", "?task=liver/organ");
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var id = (await asked.Content.ReadFromJsonAsync<SegmentationView>(DomainJson.Canonical, Stop))!.Id;
        Assert.Equal(Routes.Segmentation(id), asked.Headers.Location!.ToString());
        using var early = await platform.Http.GetAsync(Routes.SegmentationLabel(id), Stop);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);

        var lease = await TakeAsync(platform, "worker");
        Assert.Equal(("main", "MRI", "liver/organ"), (lease.Line, lease.Modality, lease.Tasks!.Single()));
        await EndAsync(platform, lease, "worker");
        var done = await platform.GetAsync<SegmentationView>(Routes.Segmentation(id));
        Assert.Equal((SegmentationStates.Done, "main/1", LabelTable.ForResearch), (done.State, done.Model, done.Notice));
        Assert.Equal("liver/organ", Assert.Single(done.Labels).Task);
        Assert.Equal(["unlike all images"], done.Warnings);
        using var label = await platform.Http.GetAsync(done.Label, Stop);
        Assert.Equal("a label map", await label.Content.ReadAsStringAsync(Stop));
        Assert.Equal(LabelTable.ForResearch, label.Headers.GetValues("X-VerSemi-Notice").Single());

        using var deleted = await platform.Http.DeleteAsync(Routes.Segmentation(id), Stop);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(0, await BlobsAsync(platform));
        using var gone = await platform.Http.GetAsync(Routes.Segmentation(id), Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task An_entropy_map_is_made_and_given_out_where_it_was_asked_for()
    {
        await using var platform = await PromotedAsync();
        using var asked = await PostAsync(platform, "an image", "?entropy=true");
        var id = (await asked.Content.ReadFromJsonAsync<SegmentationView>(DomainJson.Canonical, Stop))!.Id;
        var lease = await TakeAsync(platform, "worker");
        Assert.True(lease.Entropy);
        await platform.Blobs.WriteTextAsync(BlobLayout.SegmentationEntropy(id, lease.Attempt), "an entropy map", cancellation: Stop);
        await EndAsync(platform, lease, "worker");
        var done = await platform.GetAsync<SegmentationView>(Routes.Segmentation(id));
        Assert.Equal(Routes.SegmentationEntropy(id), done.Entropy);
        using var map = await platform.Http.GetAsync(done.Entropy, Stop);
        Assert.Equal("an entropy map", await map.Content.ReadAsStringAsync(Stop));

        var plain = await AskAsync(platform);
        var other = await TakeAsync(platform, "worker");
        Assert.False(other.Entropy);
        await EndAsync(platform, other, "worker");
        Assert.Null((await platform.GetAsync<SegmentationView>(Routes.Segmentation(plain))).Entropy);
        using var none = await platform.Http.GetAsync(Routes.SegmentationEntropy(plain), Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_worker_that_dies_is_noticed_another_takes_the_image_and_the_dead_ones_result_is_refused()
    {
        await using var platform = await PromotedAsync(options => options.Lease = TimeSpan.FromSeconds(1));
        await AskAsync(platform);
        var dead = await TakeAsync(platform, "dead");
        var alive = await TakeAsync(platform, "alive");
        Assert.Equal((1, 2), (dead.Attempt, alive.Attempt));
        Assert.Equal(LeaseStanding.Fenced, (await EndAsync(platform, dead, "dead")).Standing);
        Assert.Equal(LeaseStanding.Continue, (await platform.Bus.AskAsync<SegmentationHeartbeat, HeartbeatAnswer>(
            Queues.Leases, new SegmentationHeartbeat(alive.Segmentation, alive.Attempt, "alive"), Eventually.Patience, Stop)).Standing);
        await EndAsync(platform, alive, "alive");
        Assert.Equal(SegmentationStates.Done, (await platform.GetAsync<SegmentationView>(Routes.Segmentation(alive.Segmentation))).State);
    }

    [Fact]
    public async Task An_image_that_kills_every_worker_fails_with_words()
    {
        await using var platform = await PromotedAsync(options => (options.Lease, options.Segmentations.MostAttempts) = (TimeSpan.FromSeconds(1), 2));
        var id = await AskAsync(platform);
        for (var i = 0; i < 2; i++)
            await TakeAsync(platform, $"worker {i}");
        using var listening = new CancellationTokenSource();
        var third = TakeAsync(platform, "third", listening.Token);
        var failed = await Eventually.GetAsync("it fails", async () =>
            await platform.GetAsync<SegmentationView>(Routes.Segmentation(id)) is { State: SegmentationStates.Failed } view ? view : null, Stop);
        Assert.Contains("2 workers", failed.Reason, StringComparison.Ordinal);
        await listening.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task What_has_had_its_time_is_deleted()
    {
        await using var platform = await PromotedAsync();
        var id = await AskAsync(platform);
        await platform.InDatabaseAsync(async db =>
        {
            db.Segmentations.Single(row => row.Id == id).ExpiresAt = db.Clock.Now;
            return await db.SaveChangesAsync(Stop);
        });
        await Eventually.TrueAsync("row and files are gone", async () =>
            await BlobsAsync(platform) == 0 && (await platform.GetAsync<List<SegmentationView>>(Routes.Segmentations)).Count == 0, Stop);
    }

    [Theory]
    [InlineData("?task=no-such-task", HttpStatusCode.BadRequest, "liver/organ")]
    [InlineData("?modality=CT", HttpStatusCode.BadRequest, "MRI")]
    [InlineData("?line=other", HttpStatusCode.NotFound, "other")]
    public async Task What_the_model_does_not_know_is_refused_at_once(string query, HttpStatusCode status, string named)
    {
        await using var platform = await PromotedAsync();
        using var answer = await PostAsync(platform, "an image", query);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(0, await BlobsAsync(platform));
    }

    [Fact]
    public async Task A_form_is_taken_an_empty_request_and_a_too_large_one_leave_nothing()
    {
        await using var platform = await PromotedAsync(options => options.Segmentations.MostMiB = 1);
        using var form = new MultipartFormDataContent { { new StringContent("main"), "line" }, { new ByteArrayContent(Encoding.UTF8.GetBytes("in a form")), "image", "scan.nii.gz" } };
        using var taken = await platform.Http.PostAsync(Routes.Segmentations, form, Stop);
        var id = (await taken.Content.ReadFromJsonAsync<SegmentationView>(DomainJson.Canonical, Stop))!.Id;
        using (var reader = new StreamReader(await platform.Blobs.OpenReadAsync(BlobLayout.SegmentationImage(id), Stop)))
            Assert.Equal("in a form", await reader.ReadToEndAsync(Stop));
        using var empty = await platform.Http.PostAsync(Routes.Segmentations, new ByteArrayContent([]), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        using var large = await platform.Http.PostAsync(Routes.Segmentations, new StreamContent(new MemoryStream(new byte[3 << 20])) { Headers = { ContentLength = null } }, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(1, await BlobsAsync(platform));
    }

    [Fact]
    public async Task A_body_is_the_image_though_curl_calls_it_a_form()
    {
        await using var platform = await PromotedAsync();
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("by --data-binary")) { Headers = { ContentType = new("application/x-www-form-urlencoded") } };
        using var taken = await platform.Http.PostAsync(Routes.Segmentations, body, Stop);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        var id = (await taken.Content.ReadFromJsonAsync<SegmentationView>(DomainJson.Canonical, Stop))!.Id;
        using var kept = new StreamReader(await platform.Blobs.OpenReadAsync(BlobLayout.SegmentationImage(id), Stop));
        Assert.Equal("by --data-binary", await kept.ReadToEndAsync(Stop));
    }

    [Fact]
    public async Task Before_the_first_promotion_there_is_nothing_to_segment_by()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        using var answer = await PostAsync(platform, "an image");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    private async Task<TestPlatform> PromotedAsync(Action<VerSemi.Orchestrator.OrchestratorOptions>? configure = null)
    {
        var platform = await TestPlatform.StartAsync(_folder, new() { Configure = configure });
        await Data.CommitAsync(platform.Blobs, "liver");
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(1)).State);
        return platform;
    }

    private static Task<HttpResponseMessage> PostAsync(TestPlatform platform, string image, string query = "") =>
        platform.Http.PostAsync(Routes.Segmentations + query, new ByteArrayContent(Encoding.UTF8.GetBytes(image)), Stop);

    private static async Task<string> AskAsync(TestPlatform platform)
    {
        using var asked = await PostAsync(platform, "an image");
        Assert.True(asked.StatusCode == HttpStatusCode.Accepted, await asked.Content.ReadAsStringAsync(Stop));
        return (await asked.Content.ReadFromJsonAsync<SegmentationView>(DomainJson.Canonical, Stop))!.Id;
    }

    private static Task<SegmentationAnswer> TakeAsync(TestPlatform platform, string worker, CancellationToken? cancellation = null) =>
        platform.Services.GetRequiredService<IWorkQueue>().TakeAsync<SegmentImage, SegmentationAnswer>(Queues.Segmentation, async (message, stop) =>
            await platform.Bus.AskAsync<ClaimSegmentation, SegmentationAnswer>(Queues.Leases, new ClaimSegmentation(message.Segmentation, worker), Eventually.Patience, stop) is { Granted: true } lease ? lease : null,
            cancellation ?? Stop);

    private static async Task<HeartbeatAnswer> EndAsync(TestPlatform platform, SegmentationAnswer lease, string worker)
    {
        await platform.Blobs.WriteTextAsync(BlobLayout.SegmentationResult(lease.Segmentation, lease.Attempt), "a label map", cancellation: Stop);
        return await platform.Bus.AskAsync<EndSegmentation, HeartbeatAnswer>(Queues.Leases, new EndSegmentation(
            lease.Segmentation, lease.Attempt, worker, WorkOutcome.Done, Model: "main/1", Labels: [new SegmentationLabel(1, "liver/organ", "organ", 5, 0.005)],
            Warnings: ["unlike all images"]), Eventually.Patience, Stop);
    }

    private static async Task<int> BlobsAsync(TestPlatform platform)
    {
        var count = 0;
        await foreach (var _ in platform.Blobs.ListAsync(BlobLayout.Segmentations, Stop))
            count++;
        return count;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
