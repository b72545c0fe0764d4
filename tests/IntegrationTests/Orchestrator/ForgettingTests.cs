using System.Net;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class ForgettingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_two_promotions_the_matrix_holds_both_generations()
    {
        // The champion scores 0.8 when it is promoted and again as the opponent; its successor 0.79 on the old task.
        var script = new TrainerScript { Champion = 0.8, Candidate = (run, task) => run.Champion is not null && task == "liver/organ" ? 0.79 : 0.8 };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        var first = await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "spleen");
        var second = await platform.CycleAsync(2);
        Assert.Equal(CycleStates.Completed, second.State);

        var line = await platform.GetAsync<ForgettingMatrix>(Routes.Forgetting("main"));
        Assert.Equal(["main/1", "main/2"], line.Models);
        var (liver, spleen) = (line.Tasks[0], line.Tasks[1]);
        Assert.Equal(("liver/organ", "spleen/organ"), (liver.Task, spleen.Task));
        Assert.Equal([0.8, 0.79], liver.Cells.Select(cell => Math.Round(cell!.Dice, 9)));
        Assert.Equal((8, 8), (liver.Cells[0]!.Cases, liver.Cells[0]!.Common)); // the sealed set has grown since, by the spleen's cases
        Assert.Equal(0.01, liver.Forgetting!.Value, 1e-9);
        Assert.Equal(-0.01, line.BackwardTransfer!.Value, 1e-9);
        Assert.Equal((null, null), (spleen.Cells[0], spleen.Forgetting));

        var judged = (await platform.GetAsync<CycleDetail>(Routes.Cycle(second.Id))).Forgetting!;
        Assert.Equal(["main/1", $"candidate:{second.Run}"], judged.Models);
        Assert.Equal(0.01, judged.Forgetting!.Value, 1e-9);
        Assert.Equal([$"candidate:{first.Run}"], (await platform.GetAsync<CycleDetail>(Routes.Cycle(first.Id))).Forgetting!.Models);
        Assert.NotNull(await platform.Blobs.FindAsync(BlobLayout.ForgettingReport(second.Run!), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_rejected_candidate_shows_what_it_would_have_forgotten_and_stays_out_of_the_lines_history()
    {
        var script = new TrainerScript { Champion = 0.8, Candidate = (run, _) => run.Champion is null ? 0.8 : 0.3 };
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Script = script });
        await Data.CommitAsync(platform.Blobs, "liver");
        await platform.CycleAsync(1);
        await Data.CommitAsync(platform.Blobs, "spleen");
        var rejected = await platform.CycleAsync(2);
        Assert.Equal(CycleStates.Rejected, rejected.State);

        Assert.Equal(0.5, (await platform.GetAsync<CycleDetail>(Routes.Cycle(rejected.Id))).Forgetting!.Forgetting!.Value, 1e-9);
        var line = await platform.GetAsync<ForgettingMatrix>(Routes.Forgetting("main"));
        Assert.Equal(["main/1"], line.Models);
        Assert.Null(line.Forgetting);
    }

    [Fact]
    public async Task A_line_without_a_model_is_named()
    {
        await using var platform = await TestPlatform.StartAsync(_folder);
        using var answer = await platform.Http.GetAsync(Routes.Forgetting("main"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("main", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
