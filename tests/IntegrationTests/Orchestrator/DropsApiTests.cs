using System.Net;
using System.Net.Http.Json;
using System.Text;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Api;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class DropsApiTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_drop_is_uploaded_completed_and_followed_to_the_cycle_that_took_it()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(platform, "liver-1", "imagesTr/case 1.nii.gz", "voxels"));
        Assert.Equal(DropState.Receiving, (await platform.GetAsync<DropDetail>(Routes.Drop("liver-1"))).Drop.State);
        Assert.Equal(DropState.Waiting, (await platform.PostAsync<DropView>(Routes.CompleteDrop("liver-1"), new { })).State);
        Assert.Equal("voxels", await File.ReadAllTextAsync(_folder["data/incoming/liver-1/imagesTr/case 1.nii.gz"], Cancellation));
        Assert.True(File.Exists(_folder["data/incoming/liver-1/_READY"]));

        // Ingest's part.
        var version = await Data.CommitAsync(platform.Blobs, "liver", drop: "liver-1");
        var report = new IngestReport { Drop = "liver-1", Fingerprint = "f", Outcome = IngestOutcome.Committed, Dataset = "liver", Version = version };
        await platform.Blobs.WriteJsonAsync(BlobLayout.DropReport("liver-1"), report, DomainJson.Readable, cancellation: Cancellation);
        await platform.CycleAsync(1);
        var drop = (await platform.GetAsync<List<DropView>>(Routes.Drops)).Single();
        Assert.Equal((DropState.Committed, "liver", "main-1", CycleStates.Completed), (drop.State, drop.Dataset, drop.Cycle, drop.CycleState));
        Assert.Equal(8, (await platform.GetAsync<DatasetDetail>(Routes.Dataset("liver"))).Dataset.Test);
    }

    [Fact]
    public async Task What_keeps_a_drop_from_being_finished_is_shown_until_it_is_over()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        await PutAsync(platform, "liver-1", "dataset.json", "{}");
        await platform.PostAsync<DropView>(Routes.CompleteDrop("liver-1"), new { });
        var problem = new IngestProblem("liver-1", "f", "No space left on device", DateTimeOffset.UnixEpoch);
        await platform.Blobs.WriteJsonAsync(BlobLayout.DropProblem("liver-1"), problem, DomainJson.Readable, cancellation: Cancellation);

        var open = (await platform.GetAsync<StatusView>(Routes.Status)).OpenDrops.Single();
        await platform.Blobs.DeleteAsync(BlobLayout.DropProblem("liver-1"), Cancellation);
        var over = (await platform.GetAsync<DropDetail>(Routes.Drop("liver-1"))).Drop;

        Assert.Equal((DropState.Waiting, "No space left on device"), (open.State, open.Problem));
        Assert.Null(over.Problem);
    }

    [Theory]
    [InlineData("liver", "../../models/main/production.json")]
    [InlineData("liver", "a//b")]
    [InlineData("liver", "a\\b")]
    [InlineData("liver", "_READY")]
    [InlineData("liver", "_report/report.json")]
    [InlineData("..", "dataset.json")]
    [InlineData(".store", "dataset.json")]
    [InlineData("liver\n", "dataset.json")]
    [InlineData("liver", "dataset.json\n")]
    [InlineData("liver", "a\nb/dataset.json")]
    [InlineData("liver ", "dataset.json")]
    [InlineData("liver", "imagesTr/.hidden.nii.gz")]
    public async Task A_name_that_leads_out_of_the_drop_is_refused(string drop, string path)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        // Escaped dots and slashes: a client library would tidy plain ones away before they reach the server.
        var address = $"{Routes.Drops}/{Escape(drop)}/files/{string.Join('/', path.Split('/').Select(Escape))}";
        using var answer = await platform.Http.PutAsync(new Uri(platform.Http.BaseAddress!, address), new StringContent("x"), Cancellation);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{answer.StatusCode}");
        Assert.False(Directory.Exists(_folder["data/incoming"]));
        Assert.False(Directory.Exists(_folder["data/models"]));
    }

    [Theory]
    [InlineData("Müller Jörg (1)", "imagesTr/腹部 a+b#c%20d.nii.gz")]
    [InlineData("a%2Fb?c=d#e", "-dash.nii.gz")]
    public async Task Names_of_people_and_languages_stay_as_they_are(string drop, string path)
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(platform, drop, path, "voxels"));
        Assert.Equal(drop, (await platform.PostAsync<DropView>(Routes.CompleteDrop(drop), new { })).Drop);
        Assert.Equal(drop, (await platform.GetAsync<DropDetail>(Routes.Drop(drop))).Drop.Drop);
        Assert.Equal([path], (await platform.GetAsync<List<DropFileView>>(Routes.DropFiles(drop))).Select(file => file.Path));
    }

    [Fact]
    public async Task A_name_of_300_letters_is_answered_400_without_the_servers_path()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        foreach (var (drop, path) in new[] { (new string('x', 300), "dataset.json"), ("liver", new string('y', 300)) })
        {
            using var answer = await platform.Http.PutAsync(Routes.DropFile(drop, path), new StringContent("x"), Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var problem = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains("300 bytes", problem, StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.Path, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_a_drop_is_listed_as_refused_and_a_spoilt_report_hides_no_other_drop()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        foreach (var file in new[] { "a\nb/dataset.json", ".copying/dataset.json", "good/dataset.json", "spoilt/_report/report.json" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[$"data/incoming/{file}"])!);
            await File.WriteAllTextAsync(_folder[$"data/incoming/{file}"], "half {", Cancellation);
        }
        var drops = await platform.GetAsync<List<DropView>>(Routes.Drops);
        Assert.Equal(["a\nb", "good", "spoilt"], drops.Select(drop => drop.Drop));
        Assert.Equal((DropState.Refused, true), (drops[0].State, drops[0].Refusal!.Contains("U+000A", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_does_not_exist_is_answered_404_with_the_next_step()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        foreach (var path in new[] { Routes.Drop("none"), Routes.Dataset("none"), Routes.Cycle("none"), Routes.Run("none"), Routes.Model("main", 7) })
        {
            using var answer = await platform.Http.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("versemi", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
        using var nobody = await platform.Http.PostAsJsonAsync(Routes.Cycles, new { why = "no name" }, DomainJson.Canonical, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        using var early = await platform.Http.PostAsJsonAsync(Routes.Cycles, new StartCycle("ann"), DomainJson.Canonical, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
    }

    [Fact]
    public async Task Merged_tasks_keep_their_columns()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        await Data.CommitAsync(platform.Blobs, "liver");
        await Data.CommitAsync(platform.Blobs, "hepar");
        await platform.CycleAsync(1);
        var tasks = await platform.PostAsync<List<TaskView>>(Routes.MergeTasks, new MergeTasks("hepar/organ", "liver/organ", "ann", "the same organ"));
        Assert.Equal("liver/organ", tasks.Single(task => task.Id == "hepar/organ").MergedInto);
        Assert.Equal([0, 1], tasks.Select(task => task.Column));
        Assert.Equal(0.8, tasks.Single(task => task.Id == "liver/organ").ProductionDice!.Value, 6);
        using var again = await platform.Http.PostAsJsonAsync(Routes.MergeTasks, new MergeTasks("hepar/organ", "liver/organ", "ann"), DomainJson.Canonical, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    private static string Escape(string part) => string.Concat(Encoding.UTF8.GetBytes(part).Select(b => $"%{b:X2}"));

    private static async Task<HttpStatusCode> PutAsync(TestPlatform platform, string drop, string path, string content)
    {
        using var answer = await platform.Http.PutAsync(Routes.DropFile(drop, path), new StringContent(content), Cancellation);
        return answer.StatusCode;
    }
}
