using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VerSemi.Domain;
using VerSemi.Domain.Evaluation;
using VerSemi.Domain.Messages;
using VerSemi.Domain.Recipes;
using VerSemi.Domain.Runs;
using VerSemi.GpuTrainer.Service;
using VerSemi.Platform.Blobs;

namespace VerSemi.GpuTrainer.Tests.Service;

public sealed class TrainingWorkerTests : IDisposable
{
    private static readonly TrainingRecipe Endless = SmallStore.Recipe with { Stage1Steps = 100_000 };

    private readonly SmallStore _store = new();
    private readonly LeaseDesk _desk = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_is_trained_and_then_evaluated()
    {
        var run = _store.Run();
        using var host = await StartAsync(run);
        Assert.Equal((WorkKind.Train, WorkOutcome.Done), await NextAsync());
        var result = await _store.Blobs.ReadJsonAsync<TrainingResult>(BlobLayout.AttemptResult("run", 1), DomainJson.Readable, _cancellation);
        Assert.Equal(8, result.Steps);

        _desk.Work = WorkKind.Evaluate;
        await _desk.RingAsync(host, "run", _cancellation);
        Assert.Equal((WorkKind.Evaluate, WorkOutcome.Done), await NextAsync());
        var report = await _store.Blobs.ReadJsonAsync<EvaluationReport>(BlobLayout.CandidateReport("run"), DomainJson.Readable, _cancellation);
        Assert.Equal(4, report.Scores.Count);
        Assert.Null(await _store.Blobs.FindAsync(BlobLayout.ChampionReport("run"), _cancellation));

        async Task<(WorkKind, WorkOutcome)> NextAsync()
        {
            var end = await _desk.NextEndAsync(_cancellation);
            Assert.Null(end.Reason);
            return (end.Work, end.Outcome);
        }
    }

    [Fact]
    public async Task What_the_trainer_notes_is_told_with_a_heartbeat_or_the_end()
    {
        using var store = new SmallStore(validation: 0);
        using var host = await _desk.StartAsync(store, store.Run(), _cancellation);
        await _desk.RingAsync(host, "run", _cancellation);
        var end = await _desk.NextEndAsync(_cancellation);
        Assert.Single(_desk.Heartbeats.SelectMany(beat => beat.Notes ?? []).Concat(end.Notes ?? []), note => note.Contains("no labelled validation cases", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_champion_is_the_start_of_training_and_the_opponent_in_evaluation()
    {
        using (await StartAsync(_store.Run(run: "first")))
            await _desk.NextEndAsync(_cancellation);
        await ModelCopy.MakeAsync(_store.Blobs, BlobLayout.AttemptModel("first", 1), BlobLayout.Model("main", 1), _cancellation);
        var run = _store.Run();
        run = run with { Champion = 1, LabelSpace = run.LabelSpace.Grow([("balls/new", "new", "MRI")]) };

        using var host = await StartAsync(run);
        Assert.Equal(WorkOutcome.Done, (await _desk.NextEndAsync(_cancellation)).Outcome);
        _desk.Work = WorkKind.Evaluate;
        await _desk.RingAsync(host, "run", _cancellation);
        Assert.Equal(WorkOutcome.Done, (await _desk.NextEndAsync(_cancellation)).Outcome);

        var candidate = await _store.Blobs.ReadJsonAsync<EvaluationReport>(BlobLayout.CandidateReport("run"), DomainJson.Readable, _cancellation);
        var champion = await _store.Blobs.ReadJsonAsync<EvaluationReport>(BlobLayout.ChampionReport("run"), DomainJson.Readable, _cancellation);
        Assert.Equal(candidate.CasesHash, champion.CasesHash);
        Assert.Equal("main/1", champion.Model);
    }

    [Fact]
    public async Task A_cancelled_run_stops_and_says_so()
    {
        using var host = await StartAsync(_store.Run(Endless));
        await _desk.HeardOfAsync(2, _cancellation);
        _desk.Standing = LeaseStanding.Cancel;
        Assert.Equal(WorkOutcome.Cancelled, (await _desk.NextEndAsync(_cancellation)).Outcome);
    }

    [Fact]
    public async Task A_worker_that_must_stop_hands_its_run_back_with_a_checkpoint()
    {
        using var host = await StartAsync(_store.Run(Endless with { CheckpointEvery = 50_000, ValidateEvery = 50_000 }));
        await _desk.HeardOfAsync(2, _cancellation);
        await host.StopAsync(_cancellation);
        Assert.Equal(WorkOutcome.HandedBack, (await _desk.NextEndAsync(_cancellation)).Outcome);
        Assert.NotNull(await _store.Blobs.FindAsync(BlobLayout.Checkpoints("run", 1) + "last.json", _cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_is_fenced_or_not_answered_writes_nothing_more_and_takes_the_next_run(bool mute)
    {
        (_desk.LeaseSeconds, _desk.IsMute) = (mute ? 1.5 : 60, mute);
        using var host = await StartAsync(_store.Run(Endless with { CheckpointEvery = 1_000_000, ValidateEvery = 1_000_000 }));
        if (!mute)
        {
            await _desk.HeardOfAsync(2, _cancellation);
            _desk.Standing = LeaseStanding.Fenced;
        }
        (_desk.LeaseSeconds, _desk.Work) = (60, WorkKind.Evaluate);
        await _desk.RingAsync(host, "run", _cancellation);
        var end = await _desk.NextEndAsync(_cancellation);
        Assert.Equal(2, end.Attempt); // nothing was heard of attempt 1
        Assert.Null(await _store.Blobs.FindAsync(BlobLayout.Checkpoints("run", 1) + "last.json", _cancellation));
    }

    [Fact]
    public async Task What_cannot_be_trained_fails_with_its_kind_and_reason()
    {
        using var host = await StartAsync(_store.Run() with { Datasets = [new DatasetVersion("balls", "gone")] });
        var end = await _desk.NextEndAsync(_cancellation);
        Assert.Equal((WorkOutcome.Failed, FailureKind.Data), (end.Outcome, end.Failure));
        Assert.Contains("balls/gone", end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_one_shot_worker_takes_one_run_and_no_second()
    {
        _desk.OneShot = true;
        using var host = await StartAsync(_store.Run());
        var worker = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single(service => service.GetType().Name == "TrainingWorker");
        await worker.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(60), _cancellation);
        Assert.Single(_desk.Ends);
        Assert.True(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_worker_takes_its_runs_from_the_queue_that_it_is_given()
    {
        (_desk.Queue, _desk.OneShot) = (Queues.TrainingOnDemand, true);
        using var host = await StartAsync(_store.Run());
        Assert.Equal(WorkOutcome.Done, (await _desk.NextEndAsync(_cancellation)).Outcome);
    }

    [Fact]
    public void A_queue_that_no_run_is_called_on_is_a_fault_of_the_settings() =>
        Assert.Contains("Trainer:Queue is 'trainings'", Assert.Single(new GpuTrainerOptions { Queue = "trainings" }.Errors()), StringComparison.Ordinal);

    public void Dispose() => _store.Dispose();

    private async Task<IHost> StartAsync(RunSpecification run)
    {
        var host = await _desk.StartAsync(_store, run, _cancellation);
        await _desk.RingAsync(host, run.Run, _cancellation);
        return host;
    }
}
